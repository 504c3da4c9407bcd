"use client";

import { useFormatter, useTranslations } from "next-intl";
import { Duration } from "#components/ui/duration.tsx";
import { Td, Th, Tr } from "#components/ui/table.tsx";
import type { Statistics } from "#lib/statistics/client.ts";
import { Bars } from "./bars.tsx";
import { DurationLines } from "./lines.tsx";
import { ChartPanel } from "./panel.tsx";
import { SeriesKey } from "./patterns.tsx";
import { stack, sum, toCsv } from "./series.ts";

const totalOf = (stacks: ReturnType<typeof stack>, index: number) =>
  sum(stacks.values.map((row) => row[index] ?? 0));

/** Images published a day, by project. */
export function ImagesChart({ days, images }: { days: string[]; images: Statistics["images"] }) {
  const t = useTranslations("statistics");
  const format = useFormatter();
  const stacks = stack(
    days,
    images.map(({ day, project, images: count }) => ({ day, name: project, count })),
    4,
    t("others"),
  );
  const all = sum(stacks.values.flat());
  return (
    <ChartPanel
      title={t("images")}
      hint={t("imagesHint", { count: all })}
      empty={all === 0}
      file="images"
      csv={() =>
        toCsv(
          ["day", "project", "images"],
          images.map((row) => [row.day, row.project, row.images]),
        )
      }
      chart={
        <Bars stacks={stacks} label={t("imagesLabel", { count: all, days: days.length })} mean={t("mean")} />
      }
      table={
        <>
          <thead>
            <tr>
              <Th>{t("project")}</Th>
              <Th num>{t("imageCount")}</Th>
              <Th num>{t("share")}</Th>
            </tr>
          </thead>
          <tbody>
            {stacks.series.map((name, index) => {
              const count = totalOf(stacks, index);
              return (
                <Tr key={name}>
                  <Td>
                    <span className="flex items-center gap-2">
                      <SeriesKey index={index} />
                      {name}
                    </span>
                  </Td>
                  <Td num>{count}</Td>
                  <Td num>{format.number(count / all, { style: "percent" })}</Td>
                </Tr>
              );
            })}
            <Tr className="font-semibold">
              <Td>{t("total")}</Td>
              <Td num>{all}</Td>
              <Td num>100%</Td>
            </Tr>
          </tbody>
        </>
      }
    />
  );
}

/** Durations of builds a day, and how many failed, by project. */
export function BuildsChart({ days, builds }: { days: string[]; builds: Statistics["builds"] }) {
  const t = useTranslations("statistics");
  const format = useFormatter();
  const projects = [...new Set(builds.map(({ project }) => project))].sort();
  // Of several projects a day: the middle of their medians and the slowest end, as an approximation that never hides one.
  const middle = (values: number[]) =>
    values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null;
  const points = days.map((day) => {
    const rows = builds.filter((row) => row.day === day);
    const medians = rows.flatMap(({ medianSeconds }) => medianSeconds ?? []);
    const highs = rows.flatMap(({ p90Seconds }) => p90Seconds ?? []);
    return { day, median: middle(medians), high: highs.length === 0 ? null : Math.max(...highs) };
  });
  const runs = sum(builds.map(({ succeeded, failed }) => succeeded + failed));
  return (
    <ChartPanel
      title={t("builds")}
      hint={t("buildsHint")}
      empty={runs === 0}
      file="builds"
      csv={() =>
        toCsv(
          ["day", "project", "succeeded", "failed", "median_seconds", "p90_seconds"],
          builds.map((row) => [
            row.day,
            row.project,
            row.succeeded,
            row.failed,
            row.medianSeconds,
            row.p90Seconds,
          ]),
        )
      }
      chart={
        <DurationLines
          days={days}
          points={points}
          label={t("buildsLabel", { count: runs, days: days.length })}
          names={{ median: t("median"), high: t("p90") }}
        />
      }
      table={
        <>
          <thead>
            <tr>
              <Th>{t("project")}</Th>
              <Th num>{t("buildCount")}</Th>
              <Th num>{t("median")}</Th>
              <Th num>{t("failedShare")}</Th>
            </tr>
          </thead>
          <tbody>
            {projects.map((project) => {
              const rows = builds.filter((row) => row.project === project);
              const failed = sum(rows.map((row) => row.failed));
              const count = failed + sum(rows.map((row) => row.succeeded));
              const median = middle(rows.flatMap(({ medianSeconds }) => medianSeconds ?? []));
              return (
                <Tr key={project}>
                  <Td>{project}</Td>
                  <Td num>{count}</Td>
                  <Td num>{median === null ? "–" : <Duration seconds={median} />}</Td>
                  <Td num>
                    {count === 0
                      ? "–"
                      : format.number(failed / count, { style: "percent", maximumFractionDigits: 1 })}
                  </Td>
                </Tr>
              );
            })}
          </tbody>
        </>
      }
    />
  );
}

/** Deployments a day, by environment. */
export function DeploymentsChart({
  days,
  deployments,
}: {
  days: string[];
  deployments: Statistics["deployments"];
}) {
  const t = useTranslations("statistics");
  const format = useFormatter();
  const stacks = stack(
    days,
    deployments.map(({ day, environment, succeeded, failed }) => ({
      day,
      name: environment,
      count: succeeded + failed,
    })),
    4,
    t("others"),
  );
  const all = sum(stacks.values.flat());
  return (
    <ChartPanel
      title={t("deployments")}
      hint={t("deploymentsHint", { count: all })}
      empty={all === 0}
      file="deployments"
      csv={() =>
        toCsv(
          ["day", "project", "environment", "succeeded", "failed"],
          deployments.map((row) => [row.day, row.project, row.environment, row.succeeded, row.failed]),
        )
      }
      chart={
        <Bars
          stacks={stacks}
          label={t("deploymentsLabel", { count: all, days: days.length })}
          mean={t("mean")}
        />
      }
      table={
        <>
          <thead>
            <tr>
              <Th>{t("environment")}</Th>
              <Th num>{t("deploymentCount")}</Th>
              <Th num>{t("failedShare")}</Th>
            </tr>
          </thead>
          <tbody>
            {stacks.series.map((name, index) => {
              const count = totalOf(stacks, index);
              const failed = sum(
                deployments.filter(({ environment }) => environment === name).map((row) => row.failed),
              );
              return (
                <Tr key={name}>
                  <Td>
                    <span className="flex items-center gap-2">
                      <SeriesKey index={index} />
                      {name}
                    </span>
                  </Td>
                  <Td num>{count}</Td>
                  <Td num>
                    {format.number(failed / Math.max(1, count), {
                      style: "percent",
                      maximumFractionDigits: 1,
                    })}
                  </Td>
                </Tr>
              );
            })}
          </tbody>
        </>
      }
    />
  );
}
