import type { Statistics } from "#lib/statistics/client.ts";
import { toCsv } from "./series.ts";

/** Every step with its figures, seconds and shares as numbers. */
export const stepsCsv = (items: Statistics["steps"]["items"]): string =>
  toCsv(
    [
      "environment",
      "step",
      "mode",
      "on",
      "releases",
      "mean_seconds",
      "median_seconds",
      "p95_seconds",
      "share",
    ],
    items.map((item) => [
      item.environment,
      item.kind,
      item.mode,
      item.on,
      item.releases,
      item.meanSeconds,
      item.medianSeconds,
      item.p95Seconds,
      item.share,
    ]),
  );
