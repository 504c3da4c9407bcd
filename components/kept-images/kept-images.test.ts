import { expect, test } from "vitest";
import type { Reason } from "#lib/kept-images/reason-schema.ts";
import { keptCsv } from "./csv.ts";
import { filtersOf } from "./filters.ts";
import { groupReasons } from "./grouped.ts";

const reason = (over: Partial<Reason>): Reason => ({
  reason: "rollback",
  project: "quotes",
  component: "quote-api",
  environment: "PROD",
  release: "R1",
  ...over,
});

test("reasons are told once for all release orders, and for all environments, that share them", () => {
  const reasons = [
    reason({ reason: "runs" }),
    reason({ release: "R2" }),
    reason({}),
    reason({ release: "R2" }),
    reason({ environment: "FAT", release: "R1" }),
    reason({ environment: "FAT", release: "R2" }),
    reason({ environment: "STAGING", release: "R1" }),
    reason({ environment: null, reason: "flow" }),
  ];
  expect(groupReasons(reasons)).toEqual([
    { reason: "runs", environments: ["PROD"], releases: ["R1"] },
    { reason: "rollback", environments: ["PROD", "FAT"], releases: ["R2", "R1"] },
    { reason: "rollback", environments: ["STAGING"], releases: ["R1"] },
    { reason: "flow", environments: [], releases: ["R1"] },
  ]);
});

test("a file has a line for each reason, and quotes what would break it", () => {
  const image = {
    registry: "main",
    registryName: "Main",
    host: "registry.test",
    repository: "quotes/quote-api",
    digest: "sha256:a",
    since: "2026-06-01T00:00:00.000Z",
    label: "failed" as const,
    labelledAt: null,
    problem: { failure: "broken", message: 'said "no", twice', at: "2026-06-01T00:00:00.000Z" },
  };
  const lines = keptCsv([{ ...image, reasons: [reason({}), reason({ environment: null, reason: "flow" })] }])
    .trim()
    .split(/\r?\n/);
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain('"said ""no"", twice"');
  expect(lines[2]).toContain("flow,quotes,quote-api,,R1");
});

test("an address that asks for nonsense asks for everything", () => {
  const asked = (text: string) => filtersOf(new URLSearchParams(text));
  expect(asked("reason=nothing&label=x&search=")).toEqual({});
  expect(asked("reason=runs&label=failed&search=quote&environment=PROD")).toEqual({
    reason: "runs",
    label: "failed",
    search: "quote",
    environment: "PROD",
  });
});
