"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { Segmented } from "#components/ui/choice.tsx";
import { Duration } from "#components/ui/duration.tsx";
import { Td, Th, Tr } from "#components/ui/table.tsx";
import type { Statistics } from "#lib/statistics/client.ts";
import type { BuildFigures } from "#lib/statistics/schema.ts";
import { buildsCsv } from "./builds-csv.ts";
import { DurationLines } from "./lines.tsx";
import { ChartPanel } from "./panel.tsx";

const MEASURES = ["duration", "queue"] as const;
const GROUPS = ["projects", "components", "servers"] as const;
const SHOWN = 12;

/** How long builds take or wait for the build server, and how many succeed, by project, component or build server. */
export function BuildsChart({
  days,
  builds,
  first,
  environment,
  nameOf,
}: {
  days: string[];
  builds: Statistics["builds"];
  first: (typeof GROUPS)[number];
  environment: string | undefined;
  /** Name of a project by its key. */
  nameOf: (project: string) => string;
}) {
  const t = useTranslations("statistics");
  const format = useFormatter();
  const [measure, setMeasure] = useState<(typeof MEASURES)[number]>("duration");
  const [group, setGroup] = useState(first);
  const { succeeded, failed, aborted } = builds.all;
  const runs = succeeded + failed + aborted;
  const byDay = new Map(builds.days.map((row) => [row.day, row[measure]]));
  const points = days.map((day) => {
    const { p50 = null, p95 = null } = byDay.get(day) ?? {};
    return { day, median: p50, high: p95 };
  });
  const one = builds.projects.length <= 1;
  const rows: { name: string; figures: BuildFigures }[] = {
    projects: builds.projects.map((row) => ({ name: nameOf(row.project), figures: row })),
    components: builds.components.map((row) => ({
      name: one ? row.component : `${row.project} / ${row.component}`,
      figures: row,
    })),
    servers: builds.servers.map((row) => ({ name: row.server, figures: row })),
  }[group];
  const busiest = rows
    .toSorted((a, b) => b.figures.succeeded + b.figures.failed - a.figures.succeeded - a.figures.failed)
    .slice(0, SHOWN);
  const length = (seconds: number | null) => (seconds === null ? "–" : <Duration seconds={seconds} />);
  const line = ({ name, figures }: { name: string; figures: BuildFigures }) => (
    <>
      <Td className="max-w-36 truncate" title={name}>
        {name}
      </Td>
      <Td num>{length(figures[measure].p50)}</Td>
      <Td num>{length(figures[measure].p75)}</Td>
      <Td num>{length(figures[measure].p95)}</Td>
      <Td num>
        {figures.successRate === null
          ? "–"
          : format.number(figures.successRate, { style: "percent", maximumFractionDigits: 1 })}
      </Td>
    </>
  );
  return (
    <ChartPanel
      title={measure === "duration" ? t("builds") : t("queueTime")}
      hint={environment === undefined ? t("buildsHint") : t("buildsHintIn", { environment })}
      empty={runs === 0}
      wide
      file="builds"
      csv={() => buildsCsv(builds)}
      tools={
        <>
          <Segmented
            label={t("measure")}
            value={measure}
            onChange={setMeasure}
            options={MEASURES.map((value) => ({ value, label: t(`measures.${value}`) }))}
          />
          <Segmented
            label={t("group")}
            value={group}
            onChange={setGroup}
            options={GROUPS.map((value) => ({ value, label: t(`groups.${value}`) }))}
          />
        </>
      }
      chart={
        <DurationLines
          days={days}
          points={points}
          label={t(measure === "duration" ? "buildsLabel" : "queueLabel", { count: runs, days: days.length })}
          names={{ median: t("p50"), high: t("p95") }}
        />
      }
      table={
        <>
          <thead>
            <tr>
              <Th>{t(`groups.${group}`)}</Th>
              <Th num>{t("p50")}</Th>
              <Th num>{t("p75")}</Th>
              <Th num>{t("p95")}</Th>
              <Th num>{t("successRate")}</Th>
            </tr>
          </thead>
          <tbody>
            {busiest.map((row) => (
              <Tr key={row.name}>{line(row)}</Tr>
            ))}
            <Tr className="font-semibold">{line({ name: t("allBuilds"), figures: builds.all })}</Tr>
          </tbody>
        </>
      }
    />
  );
}
