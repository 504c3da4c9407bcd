import { expect, test } from "vitest";
import type { BuildFigures } from "#lib/statistics/schema.ts";
import { buildsCsv } from "./builds-csv.ts";

const figures: BuildFigures = {
  succeeded: 3,
  failed: 1,
  aborted: 0,
  successRate: 0.75,
  duration: { p50: 60, p75: 70, p95: 90.5 },
  queue: { p50: null, p75: null, p95: null },
};

test("a line for each group, as many cells as the head has", () => {
  const text = buildsCsv({
    all: figures,
    days: [{ day: "2026-11-02", ...figures }],
    projects: [{ project: "quotes", ...figures }],
    components: [{ project: "quotes", component: "web", ...figures }],
    servers: [{ server: "main", ...figures }],
    causes: [],
  });
  const [head = "", ...lines] = text.trimEnd().split("\r\n");
  expect(lines).toEqual([
    "all,,,,,3,1,0,0.75,60,70,90.5,,,",
    "day,2026-11-02,,,,3,1,0,0.75,60,70,90.5,,,",
    "project,,quotes,,,3,1,0,0.75,60,70,90.5,,,",
    "component,,quotes,web,,3,1,0,0.75,60,70,90.5,,,",
    "server,,,,main,3,1,0,0.75,60,70,90.5,,,",
  ]);
  for (const line of lines) expect(line.split(",")).toHaveLength(head.split(",").length);
});
