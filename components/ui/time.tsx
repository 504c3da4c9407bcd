"use client";

import { useFormatter, useLocale, useNow } from "next-intl";
import { useServerClock } from "./clock.ts";

const STYLES = {
  time: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  minutes: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { year: "numeric", month: "2-digit", day: "2-digit" },
  full: {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** The product writes a space between figures and Chinese words; the platform's texts do not. */
const spaced = (text: string) => text.replace(/(\d)(?=\p{Script=Han})/gu, "$1 ");

/** The platform's Chinese has the zone between day and time; a zone qualifies the time and stands behind it. */
const zoneLast = (text: string) => text.replace(/\s(GMT\S*|UTC)\s(.+)$/u, " $2 $1");

/** In English the month has its name: 11/12 is one of two days, depending on who reads it. */
const NAMED = { month: "short", day: "numeric" } as const;
const ENGLISH = { ...STYLES, day: { ...STYLES.day, ...NAMED }, full: { ...STYLES.full, ...NAMED } } as const;

/** A moment in the reader's words. */
function useMomentText(): (moment: Date, style: keyof typeof STYLES) => string {
  const format = useFormatter();
  const styles = useLocale() === "en" ? ENGLISH : STYLES;
  return (moment, style) => zoneLast(format.dateTime(moment, styles[style]));
}

/** "3 hours ago", exact on hover, in the reader's zone. `now` is the server's clock of the same answer (ISO). */
export function TimeAgo({
  at,
  now,
  className,
}: {
  at: string | Date;
  now?: string | Date;
  className?: string;
}) {
  const format = useFormatter();
  const textOf = useMomentText();
  const rendered = useNow();
  const clock = useServerClock(now ?? rendered, 20_000);
  const moment = new Date(at);
  // The clock ticks slowly: what just happened is now, not in a few seconds.
  const ahead = moment.getTime() - clock.getTime();
  return (
    <time
      dateTime={moment.toISOString()}
      title={textOf(moment, "full")}
      className={className ?? "whitespace-nowrap"}
    >
      {spaced(format.relativeTime(moment, ahead > 0 && ahead < 30_000 ? moment : clock))}
    </time>
  );
}

/** The exact time: `time` 13:05:41, `minutes` 13:05, `day` 2026/11/20, `full` with zone. Full on hover. */
export function ExactTime({
  at,
  style = "time",
  className,
}: {
  at: string | Date;
  style?: keyof typeof STYLES;
  className?: string;
}) {
  const textOf = useMomentText();
  const moment = new Date(at);
  return (
    <time
      dateTime={moment.toISOString()}
      title={textOf(moment, "full")}
      className={className ?? "whitespace-nowrap"}
    >
      {textOf(moment, style)}
    </time>
  );
}
