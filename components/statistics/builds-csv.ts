import type { BuildFigures, BuildStatistics } from "#lib/statistics/schema.ts";
import { toCsv } from "./series.ts";

/** Every group of the builds in one table: `group` says what a line is by, cells that it is not by are empty. */
export function buildsCsv({ all, days, projects, components, servers }: BuildStatistics): string {
  const head = ["group", "day", "project", "component", "server", "succeeded", "failed", "aborted"];
  const measures = ["duration", "queue"].flatMap((name) =>
    ["p50", "p75", "p95"].map((part) => `${name}_${part}_seconds`),
  );
  const line = (
    group: string,
    names: { day?: string; project?: string; component?: string; server?: string },
    { succeeded, failed, aborted, successRate, duration, queue }: BuildFigures,
  ) => [
    group,
    names.day ?? null,
    names.project ?? null,
    names.component ?? null,
    names.server ?? null,
    succeeded,
    failed,
    aborted,
    successRate,
    ...[duration, queue].flatMap(({ p50, p75, p95 }) => [p50, p75, p95]),
  ];
  return toCsv(
    [...head, "success_rate", ...measures],
    [
      line("all", {}, all),
      ...days.map((row) => line("day", { day: row.day }, row)),
      ...projects.map((row) => line("project", { project: row.project }, row)),
      ...components.map((row) => line("component", { project: row.project, component: row.component }, row)),
      ...servers.map((row) => line("server", { server: row.server }, row)),
    ],
  );
}
