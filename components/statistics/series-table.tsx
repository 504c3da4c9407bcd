"use client";

import { useFormatter, useTranslations } from "next-intl";
import { Td, Th, Tr } from "#components/ui/table.tsx";
import { SeriesKey } from "./patterns.tsx";
import type { Stacks } from "./series.ts";
import { sum } from "./series.ts";

/** The table beside stacked bars: each series with its sum and one more figure, and what they are in all. */
export function SeriesTable({
  stacks,
  head,
  more,
}: {
  stacks: Stacks;
  head: { name: string; count: string; more: string };
  /** The further figure of a series by its name and sum, 0 to 1; of all of them without a name. */
  more: (count: number, name?: string) => number;
}) {
  const t = useTranslations("statistics");
  const format = useFormatter();
  const share = (value: number) => format.number(value, { style: "percent", maximumFractionDigits: 1 });
  const all = sum(stacks.values.flat());
  return (
    <>
      <thead>
        <tr>
          <Th>{head.name}</Th>
          <Th num>{head.count}</Th>
          <Th num>{head.more}</Th>
        </tr>
      </thead>
      <tbody>
        {stacks.series.map((name, index) => {
          const count = sum(stacks.values.map((row) => row[index] ?? 0));
          return (
            <Tr key={name}>
              <Td>
                <span className="flex items-center gap-2">
                  <SeriesKey index={index} />
                  <span className="max-w-44 truncate" title={name}>
                    {name}
                  </span>
                </span>
              </Td>
              <Td num>{count}</Td>
              <Td num>{share(more(count, name))}</Td>
            </Tr>
          );
        })}
        <Tr className="font-semibold">
          <Td>{t("total")}</Td>
          <Td num>{all}</Td>
          <Td num>{share(more(all))}</Td>
        </Tr>
      </tbody>
    </>
  );
}
