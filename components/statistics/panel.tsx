"use client";

import { ChartNoAxesColumn } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { cx } from "#components/ui/cx.ts";
import { ScrollBox } from "#components/ui/scroll-box.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import { Table } from "#components/ui/table.tsx";
import { CsvButton } from "./csv-button.tsx";

/** A chart with its table and its numbers as CSV. */
export function ChartPanel({
  title,
  hint,
  tools,
  empty,
  chart,
  table,
  csv,
  file,
  wide = false,
}: {
  title: string;
  hint: string;
  /** What is shown, chosen by the reader. */
  tools?: ReactNode;
  empty: boolean;
  chart: ReactNode;
  table: ReactNode;
  csv: () => string;
  file: string;
  /** The table has more columns than three. */
  wide?: boolean;
}) {
  const t = useTranslations("statistics");
  return (
    <Card>
      <CardHeader
        className="flex-wrap"
        title={title}
        hint={hint}
        actions={
          <div className="flex flex-wrap justify-end gap-2">
            {tools}
            <CsvButton file={file} csv={csv} disabled={empty} />
          </div>
        }
      />
      {empty ? (
        <EmptyState icon={<ChartNoAxesColumn aria-hidden />} title={t("none")}>
          {t("noneText")}
        </EmptyState>
      ) : (
        <div
          className={cx(
            "grid",
            wide ? "xl:grid-cols-[minmax(0,1fr)_500px]" : "xl:grid-cols-[minmax(0,1fr)_380px]",
          )}
        >
          <ScrollBox label={title} className="table-scroll">
            {chart}
          </ScrollBox>
          <div className="min-w-0 border-line max-xl:border-t xl:border-l">
            <Table label={title} className="whitespace-nowrap">
              {table}
            </Table>
          </div>
        </div>
      )}
    </Card>
  );
}
