"use client";

import { useLocale } from "next-intl";
import { formatDuration } from "#components/ui/duration-format.ts";
import { Plot, type Scale } from "./plot.tsx";

type Point = { day: string; median: number | null; high: number | null };
/** Nearer to one another, the names of the two lines would overlap. */
const LINE_HEIGHT = 13;

/** Ends of an axis of seconds that read well: whole minutes from one minute on. */
function ticksOf(max: number): number[] {
  const unit = max >= 240 ? 60 : max >= 60 ? 15 : 5;
  const step = Math.max(unit, Math.ceil(max / 4 / unit) * unit);
  return [0, 1, 2, 3, 4].map((index) => index * step);
}

/** Median (solid) and slow end (dashed, p95) of durations a day, in seconds. Days without any are bridged. */
export function DurationLines({
  days,
  points,
  label,
  names,
}: {
  days: string[];
  points: Point[];
  label: string;
  names: { median: string; high: string };
}) {
  const locale = useLocale();
  const length = (seconds: number | null | undefined) =>
    seconds == null ? "–" : formatDuration(seconds, locale);
  const known = points.filter(({ median }) => median !== null);
  const last = known.at(-1);
  const middleOf = ({ x }: Scale, day: string) => x(days.indexOf(day) + 0.5);
  const path = (scale: Scale, of: (point: Point) => number | null) =>
    known
      .flatMap((point) => {
        const value = of(point);
        return value === null
          ? []
          : [`${middleOf(scale, point.day).toFixed(1)} ${scale.y(value).toFixed(1)}`];
      })
      .map((at, index) => `${index === 0 ? "M" : "L"}${at}`)
      .join("");
  return (
    <Plot
      days={days}
      ticks={ticksOf(Math.max(10, ...known.map(({ high, median }) => high ?? median ?? 0)))}
      tickText={length}
      left={64}
      label={label}
      read={(at) => [
        { name: names.median, value: length(points[at]?.median) },
        { name: names.high, value: length(points[at]?.high) },
      ]}
    >
      {(scale) => {
        const median = last?.median == null ? null : scale.y(last.median);
        const high = last?.high == null ? null : scale.y(last.high);
        const close = median !== null && high !== null && Math.abs(median - high) < LINE_HEIGHT;
        return (
          <>
            <path d={path(scale, (point) => point.high)} className="plot-line-2" />
            <path d={path(scale, (point) => point.median)} className="plot-line" />
            {known.map(({ day, median: value }) => (
              <circle
                key={day}
                cx={middleOf(scale, day)}
                cy={scale.y(value ?? 0)}
                r={days.length > 90 ? 1.5 : 3}
                fill="var(--accent)"
              />
            ))}
            {median !== null && (
              <text x={scale.end + 8} y={median + 4} className="plot-strong">
                {names.median}
              </text>
            )}
            {high !== null && (
              <text
                x={scale.end + 8}
                y={(close ? (median ?? 0) - LINE_HEIGHT : high) + 4}
                className="plot-strong"
              >
                {names.high}
              </text>
            )}
          </>
        );
      }}
    </Plot>
  );
}
