"use client";

import { useFormatter } from "next-intl";
import { type ReactNode, useId, useRef } from "react";
import { SeriesKey } from "./patterns.tsx";
import { useDayCursor } from "./use-day-cursor.ts";
import { useWidth } from "./use-width.ts";

const [HEIGHT, TOP, BOTTOM] = [230, 20, 204] as const;
/** Room at the right for the names of lines, and for the label of one day. */
const [NAMES, DAY_LABEL] = [96, 76] as const;
const USUAL_WIDTH = 720;

/** Where things are drawn: `x` of a day's left edge by its index, `step` its width, `y` of a value, `end` of the axis. */
export type Scale = { x: (at: number) => number; step: number; y: (value: number) => number; end: number };
/** One line of what a day says; `index` names the series by its square. */
export type Reading = { name: string; value: string; index?: number };

/** Month and day in the reader's language, of a day YYYY-MM-DD. */
export function useDayText(): (day: string) => string {
  const format = useFormatter();
  return (day) =>
    format.dateTime(new Date(`${day}T00:00:00Z`), { month: "numeric", day: "numeric", timeZone: "UTC" });
}

/**
 * Axes of a chart over days, and a cursor that reads a day out, moved by the pointer or by the arrow keys. What is
 * drawn on it comes from `children`. `label` says the chart in one sentence; the table beside it has the numbers.
 */
export function Plot({
  days,
  ticks,
  tickText = String,
  unit,
  left,
  label,
  read,
  children,
}: {
  days: readonly string[];
  /** From zero up. */
  ticks: readonly number[];
  tickText?: (value: number) => string;
  /** Of the ticks, where they do not say it themselves. */
  unit?: string;
  /** Room for the ticks. */
  left: number;
  label: string;
  read: (at: number) => Reading[];
  children: (scale: Scale) => ReactNode;
}) {
  const dayText = useDayText();
  const help = useId();
  const box = useRef<HTMLDivElement>(null);
  // Drawn at the size it is seen at: scaled text would be of another size in every card.
  const width = useWidth(box, USUAL_WIDTH);
  const end = width - NAMES;
  const step = (end - left) / Math.max(1, days.length);
  const top = ticks.at(-1) ?? 1;
  const scale: Scale = {
    x: (at) => left + at * step,
    step,
    y: (value) => BOTTOM - (value / top) * (BOTTOM - TOP),
    end,
  };
  const { at, ...handlers } = useDayCursor(days.length, (clientX) => {
    const edge = box.current?.getBoundingClientRect().left;
    return edge === undefined ? null : Math.floor((clientX - edge - left) / step);
  });
  const shown = at ?? days.length - 1;
  const readings = read(shown);
  const day = dayText(days[shown] ?? "");
  const middle = scale.x(shown + 0.5);
  const every = Math.max(1, Math.ceil((days.length * DAY_LABEL) / (end - left)));
  return (
    <div className="plot-box">
      <div
        {...handlers}
        ref={box}
        className="relative"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-orientation="horizontal"
        aria-valuemin={1}
        aria-valuemax={days.length}
        aria-valuenow={shown + 1}
        aria-valuetext={`${day}: ${readings.map(({ name, value }) => `${name} ${value}`).join(", ")}`}
        aria-describedby={at === null ? undefined : help}
      >
        <svg viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true" className="plot">
          {unit !== undefined && (
            <text x={0} y={TOP - 8}>
              {unit}
            </text>
          )}
          {ticks.map((tick) => (
            <g key={tick}>
              <line
                x1={left}
                x2={end}
                y1={scale.y(tick)}
                y2={scale.y(tick)}
                className={tick === 0 ? "plot-base" : "plot-grid"}
              />
              <text x={left - 8} y={scale.y(tick) + 4} textAnchor="end">
                {tick === 0 ? 0 : tickText(tick)}
              </text>
            </g>
          ))}
          {days.map((name, index) =>
            index % every === 0 ? (
              <text key={name} x={scale.x(index + 0.5)} y={BOTTOM + 18} textAnchor="middle">
                {dayText(name)}
              </text>
            ) : null,
          )}
          {at !== null && (
            <rect
              x={Math.min(scale.x(at), middle - 2)}
              y={TOP}
              width={Math.max(4, step)}
              height={BOTTOM - TOP}
              className="plot-cursor"
            />
          )}
          {children(scale)}
        </svg>
        {at !== null && (
          <div
            id={help}
            className="plot-reading"
            style={{
              left: middle,
              translate: middle > width / 2 ? "calc(-100% - 10px)" : "10px",
            }}
          >
            <b>{day}</b>
            {readings.map(({ name, value, index }) => (
              <span key={name} className="flex items-center gap-1.5">
                {index !== undefined && <SeriesKey index={index} />}
                <span className="min-w-0 truncate text-fg-2">{name}</span>
                <span className="ml-auto pl-2">{value}</span>
              </span>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}
