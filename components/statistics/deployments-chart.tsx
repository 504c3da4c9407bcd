"use client";

import { useTranslations } from "next-intl";
import type { Statistics } from "#lib/statistics/client.ts";
import { Bars } from "./bars.tsx";
import { ChartPanel } from "./panel.tsx";
import { stack, sum, toCsv } from "./series.ts";
import { SeriesTable } from "./series-table.tsx";

/** Deployments a day, by environment. */
export function DeploymentsChart({
  days,
  deployments,
  environments,
}: {
  days: string[];
  deployments: Statistics["deployments"]["items"];
  /** In the order of their ranks: each keeps its place, whichever had the most. */
  environments: readonly string[];
}) {
  const t = useTranslations("statistics");
  const stacks = stack(
    days,
    deployments.map(({ day, environment, succeeded, failed }) => ({
      day,
      name: environment,
      count: succeeded + failed,
    })),
    4,
    t("others"),
    environments,
  );
  const all = sum(stacks.values.flat());
  const named = stacks.series.filter((name) => deployments.some(({ environment }) => environment === name));
  /** Of one environment, of those that are not named, or of all of them. */
  const failedIn = (name?: string) =>
    sum(
      deployments
        .filter(({ environment }) =>
          name === undefined
            ? true
            : named.includes(name)
              ? environment === name
              : !named.includes(environment),
        )
        .map(({ failed }) => failed),
    );
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
          unit={t("deploymentUnit")}
        />
      }
      table={
        <SeriesTable
          stacks={stacks}
          head={{ name: t("environment"), count: t("deploymentCount"), more: t("failedShare") }}
          more={(count, name) => failedIn(name) / Math.max(1, count)}
        />
      }
    />
  );
}
