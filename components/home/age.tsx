"use client";

import { useFormatter } from "next-intl";
import { useServerClock } from "#components/ui/clock.ts";

const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;

/** How old something is in its largest unit ("3 d"), for dense cells; the exact time on hover. */
export function Age({ at, now }: { at: string; now: string }) {
  const format = useFormatter();
  const clock = useServerClock(now, 20_000);
  const moment = new Date(at);
  const seconds = Math.max(0, (clock.getTime() - moment.getTime()) / 1000);
  const [unit, length] = UNITS.find(([, size]) => seconds >= size) ?? UNITS[2];
  return (
    <time
      dateTime={at}
      title={format.dateTime(moment, { dateStyle: "medium", timeStyle: "medium" })}
      className="text-sm whitespace-nowrap text-fg-3"
    >
      {format.number(Math.floor(seconds / length), { style: "unit", unit, unitDisplay: "narrow" })}
    </time>
  );
}
