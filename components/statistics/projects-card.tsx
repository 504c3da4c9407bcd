"use client";

import { ChartNoAxesColumn } from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Duration } from "#components/ui/duration.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import type { Statistics } from "#lib/statistics/client.ts";
import { CsvButton } from "./csv-button.tsx";
import { toCsv } from "./series.ts";

/** Lead time, failure rate and time to restore of each project that delivered something. */
export function ProjectsCard({
  items,
  environment,
  nameOf,
}: {
  items: Statistics["leadTime"]["items"];
  environment: string | undefined;
  nameOf: (project: string) => string;
}) {
  const t = useTranslations("statistics");
  const format = useFormatter();
  const csv = () =>
    toCsv(
      ["project", "releases", "lead_time_median_seconds", "change_failure_rate", "time_to_restore_seconds"],
      items.map((row) => [row.project, row.releases, row.medianSeconds, row.failureRate, row.restoreSeconds]),
    );
  const length = (seconds: number | null) => (seconds === null ? "–" : <Duration seconds={seconds} />);
  return (
    <Card>
      <CardHeader
        title={t("byProject")}
        hint={environment === undefined ? t("byProjectHint") : t("byProjectHintIn", { environment })}
        actions={<CsvButton file="lead-time" csv={csv} disabled={items.length === 0} />}
      />
      {items.length === 0 ? (
        <EmptyState icon={<ChartNoAxesColumn aria-hidden />} title={t("none")}>
          {t("noneText")}
        </EmptyState>
      ) : (
        <Table label={t("byProject")} className="whitespace-nowrap">
          <thead>
            <tr>
              <Th>{t("project")}</Th>
              <Th num>{t("released")}</Th>
              <Th num>{t("leadTime")}</Th>
              <Th num>{t("failureRate")}</Th>
              <Th num>{t("restore")}</Th>
            </tr>
          </thead>
          <tbody>
            {items.map((row) => (
              <Tr key={row.project}>
                <Td>
                  <Link href={`/projects/${encodeURIComponent(row.project)}`} className="hover:text-accent">
                    <span className="font-medium">{nameOf(row.project)}</span>{" "}
                    <span className="font-mono text-sm text-fg-3">{row.project}</span>
                  </Link>
                </Td>
                <Td num>{row.releases}</Td>
                <Td num>{length(row.medianSeconds)}</Td>
                <Td num>
                  {row.failureRate === null
                    ? "–"
                    : format.number(row.failureRate, { style: "percent", maximumFractionDigits: 1 })}
                </Td>
                <Td num>{length(row.restoreSeconds)}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}
