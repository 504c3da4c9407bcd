"use client";

import { useFormatter, useLocale } from "next-intl";
import { formatDuration } from "#components/ui/duration-format.ts";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 230, 64, 640, 16, 204] as const;
type Point = { day: string; median: number | null; high: number | null };

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
  const format = useFormatter();
  const locale = useLocale();
  const known = points.filter(({ median }) => median !== null);
  const ticks = ticksOf(Math.max(10, ...known.map(({ high, median }) => high ?? median ?? 0)));
  const top = ticks.at(-1) ?? 1;
  const step = (RIGHT - LEFT) / Math.max(1, days.length);
  const x = (day: string) => LEFT + (days.indexOf(day) + 0.5) * step;
  const y = (seconds: number) => BOTTOM - (seconds / top) * (BOTTOM - TOP);
  const path = (of: (point: Point) => number | null) =>
    known
      .flatMap((point) => {
        const value = of(point);
        return value === null ? [] : [`${x(point.day).toFixed(1)} ${y(value).toFixed(1)}`];
      })
      .map((at, index) => `${index === 0 ? "M" : "L"}${at}`)
      .join("");
  const shown = (day: string) =>
    format.dateTime(new Date(`${day}T00:00:00Z`), { month: "numeric", day: "numeric", timeZone: "UTC" });
  const every = Math.max(1, Math.ceil(days.length / 8));
  const last = known.at(-1);
  const close = last?.median != null && last.high !== null && Math.abs(y(last.median) - y(last.high)) < 13;
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} className="plot">
      {ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={LEFT}
            x2={RIGHT}
            y1={y(tick)}
            y2={y(tick)}
            className={tick === 0 ? "plot-base" : "plot-grid"}
          />
          <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
            {tick === 0 ? 0 : formatDuration(tick, locale)}
          </text>
        </g>
      ))}
      {days.map((day, at) =>
        at % every === 0 ? (
          <text key={day} x={x(day)} y={BOTTOM + 18} textAnchor="middle">
            {shown(day)}
          </text>
        ) : null,
      )}
      <path d={path(({ high }) => high)} className="plot-line-2" />
      <path d={path(({ median }) => median)} className="plot-line" />
      {known.map((point) => (
        <circle key={point.day} cx={x(point.day)} cy={y(point.median ?? 0)} r={3} fill="var(--accent)">
          <title>
            {`${shown(point.day)}: ${names.median} ${formatDuration(point.median ?? 0, locale)}, ${names.high} ${formatDuration(point.high ?? 0, locale)}`}
          </title>
        </circle>
      ))}
      {last?.median != null && (
        <text x={RIGHT + 8} y={y(last.median) + 4} className="plot-strong">
          {names.median}
        </text>
      )}
      {last?.high != null && (
        <text x={RIGHT + 8} y={(close ? y(last.median ?? 0) - 13 : y(last.high)) + 4} className="plot-strong">
          {names.high}
        </text>
      )}
    </svg>
  );
}
