"use client";

import { useFormatter, useTranslations } from "next-intl";
import { Td, Th, Tr } from "#components/ui/table.tsx";
import type { Statistics } from "#lib/statistics/client.ts";
import { Bars } from "./bars.tsx";
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
