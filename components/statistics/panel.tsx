"use client";

import { ChartNoAxesColumn, Download } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import { Table } from "#components/ui/table.tsx";
import { saveCsv } from "./save-csv.ts";

/** A chart with its table and its numbers as CSV. */
export function ChartPanel({
  title,
  hint,
  empty,
  chart,
  table,
  csv,
  file,
}: {
  title: string;
  hint: string;
  empty: boolean;
  chart: ReactNode;
  table: ReactNode;
  csv: () => string;
  file: string;
}) {
  const t = useTranslations("statistics");
  return (
    <Card>
      <CardHeader
        title={title}
        hint={hint}
        actions={
          <Button
            size="small"
            icon={<Download aria-hidden />}
            disabled={empty}
            onClick={() => saveCsv(file, csv())}
          >
            CSV
          </Button>
        }
      />
      {empty ? (
        <EmptyState icon={<ChartNoAxesColumn aria-hidden />} title={t("none")}>
          {t("noneText")}
        </EmptyState>
      ) : (
        <div className="grid xl:grid-cols-[minmax(0,1fr)_380px]">
          <div className="min-w-0 overflow-x-auto">{chart}</div>
          <div className="min-w-0 border-line max-xl:border-t xl:border-l">
            <Table label={title}>{table}</Table>
          </div>
        </div>
      )}
    </Card>
  );
}
