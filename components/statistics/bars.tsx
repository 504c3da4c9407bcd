"use client";

import { useFormatter, useTranslations } from "next-intl";
import { fillOf } from "./patterns.tsx";
import { Plot, useDayText } from "./plot.tsx";
import { axis, type Stacks, sum } from "./series.ts";

/** Stacked bars a day. `label` says it in one sentence for readers who do not see it; `unit` is what is counted. */
export function Bars({ stacks, label, unit }: { stacks: Stacks; label: string; unit: string }) {
  const t = useTranslations("statistics");
  const format = useFormatter();
  const dayText = useDayText();
  const { days, series, values } = stacks;
  const totals = values.map(sum);
  const busy = totals.filter((total) => total > 0);
  const average = busy.length === 0 ? 0 : sum(busy) / busy.length;
  const highest = Math.max(0, ...totals);
  const peak = totals.indexOf(highest);
  const anchor = peak < days.length / 10 ? "start" : peak > days.length * 0.9 ? "end" : "middle";
  return (
    <Plot
      days={days}
      ticks={axis(highest)}
      unit={unit}
      left={34}
      label={label}
      read={(at) => [
        ...series.flatMap((name, index) => {
          const value = values[at]?.[index] ?? 0;
          return value === 0 ? [] : [{ name, value: String(value), index }];
        }),
        { name: t("total"), value: String(totals[at] ?? 0) },
      ]}
    >
      {({ x, y, step, end }) => (
        <>
          {days.map((day, at) =>
            series.map((name, index) => {
              const value = values[at]?.[index] ?? 0;
              const below = sum((values[at] ?? []).slice(0, index));
              return value === 0 ? null : (
                <rect
                  key={`${day} ${name}`}
                  x={x(at) + step * 0.1}
                  y={y(below + value)}
                  width={Math.max(1, step * 0.8)}
                  height={Math.max(1, y(below) - y(below + value) - 1)}
                  fill={fillOf(index)}
                />
              );
            }),
          )}
          {busy.length > 1 && (
            <>
              <line x1={x(0)} x2={end} y1={y(average)} y2={y(average)} className="plot-mean" />
              <text x={end + 8} y={y(average) - 3} className="plot-strong">
                {format.number(average, { maximumFractionDigits: 1 })}
                <tspan x={end + 8} dy={14}>
                  {t("mean")}
                </tspan>
              </text>
            </>
          )}
          {highest > average && (
            <text x={x(peak + 0.5)} y={y(highest) - 5} textAnchor={anchor} className="plot-strong">
              {t("peak", { day: dayText(days[peak] ?? ""), count: highest })}
            </text>
          )}
        </>
      )}
    </Plot>
  );
}
