"use client";

import { useFormatter, useTranslations } from "next-intl";
import { fillOf } from "./patterns.tsx";
import { axis, type Stacks, sum } from "./series.ts";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 230, 34, 640, 20, 204] as const;

/** Stacked bars a day. `label` says it in one sentence for readers who do not see it; the table beside has the numbers. */
export function Bars({ stacks, label }: { stacks: Stacks; label: string }) {
  const t = useTranslations("statistics");
  const format = useFormatter();
  const totals = stacks.values.map(sum);
  const ticks = axis(Math.max(0, ...totals));
  const top = ticks.at(-1) ?? 1;
  const step = (RIGHT - LEFT) / Math.max(1, stacks.days.length);
  const y = (value: number) => BOTTOM - (value / top) * (BOTTOM - TOP);
  const busy = totals.filter((total) => total > 0);
  const average = busy.length === 0 ? 0 : sum(busy) / busy.length;
  const highest = Math.max(0, ...totals);
  const peak = totals.indexOf(highest);
  const shown = (day: string) =>
    format.dateTime(new Date(`${day}T00:00:00Z`), { month: "numeric", day: "numeric", timeZone: "UTC" });
  const every = Math.max(1, Math.ceil(stacks.days.length / 8));
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
            {tick}
          </text>
        </g>
      ))}
      {stacks.days.map((day, at) => {
        const values = stacks.values[at] ?? [];
        const x = LEFT + at * step;
        return (
          <g key={day}>
            <title>
              {`${shown(day)}: ${stacks.series.map((name, index) => `${name} ${values[index] ?? 0}`).join(", ")}`}
            </title>
            <rect x={x} y={TOP} width={step} height={BOTTOM - TOP} fill="transparent" />
            {stacks.series.map((name, index) => {
              const value = values[index] ?? 0;
              const below = sum(values.slice(0, index));
              return value === 0 ? null : (
                <rect
                  key={name}
                  x={x + step * 0.1}
                  y={y(below + value)}
                  width={Math.max(1, step * 0.8)}
                  height={Math.max(1, y(below) - y(below + value) - 1)}
                  fill={fillOf(index)}
                />
              );
            })}
            {at % every === 0 && (
              <text x={x + step / 2} y={BOTTOM + 18} textAnchor="middle">
                {shown(day)}
              </text>
            )}
          </g>
        );
      })}
      {busy.length > 1 && (
        <>
          <line x1={LEFT} x2={RIGHT} y1={y(average)} y2={y(average)} className="plot-mean" />
          <text x={RIGHT + 8} y={y(average) - 3} className="plot-strong">
            {format.number(average, { maximumFractionDigits: 1 })}
            <tspan x={RIGHT + 8} dy={14}>
              {t("mean")}
            </tspan>
          </text>
        </>
      )}
      {highest > average && (
        <text
          x={LEFT + (peak + 0.5) * step}
          y={y(highest) - 5}
          textAnchor={
            peak < stacks.days.length / 10 ? "start" : peak > stacks.days.length * 0.9 ? "end" : "middle"
          }
          className="plot-strong"
        >
          {t("peak", { day: shown(stacks.days[peak] ?? ""), count: highest })}
        </text>
      )}
    </svg>
  );
}
