"use client";

import { useLocale, useNow } from "next-intl";
import { useServerClock } from "#components/ui/clock.ts";
import { formatDuration } from "#components/ui/duration-format.ts";

/** Time that is left until `until`, by the server's clock; nothing below zero. */
export function Countdown({ until }: { until: string }) {
  const locale = useLocale();
  const now = useServerClock(useNow(), 1000);
  const left = Math.max(0, (Date.parse(until) - now.getTime()) / 1000);
  return (
    <span role="timer" className="font-medium whitespace-nowrap tabular-nums">
      {formatDuration(left, locale)}
    </span>
  );
}
