import { expect, test } from "vitest";
import type { ArtifactScan, Severity } from "./content.ts";
import { mergedScan } from "./merged.ts";

const ZERO = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0 };
function scan(found: [id: string, severity: Severity][], extra: Partial<ArtifactScan> = {}): ArtifactScan {
  const counts = { ...ZERO };
  for (const [, severity] of found) counts[severity] += 1;
  const vulnerabilities = found.map(([id, severity]) => ({
    id,
    severity,
    package: "openssl",
    version: "3.0.1",
    fixedVersion: null,
    link: null,
  }));
  return {
    state: "done",
    scanner: "A",
    finishedAt: "2026-01-01T00:00:00Z",
    counts,
    vulnerabilities,
    ...extra,
  };
}
const of = (state: ArtifactScan["state"]) => scan([], { state });
const names = (merged: ArtifactScan | null) =>
  merged?.vulnerabilities.map(({ id, severity }) => `${id} ${severity}`);

test("nobody scans, or only one does", () => {
  expect(mergedScan([])).toBeNull();
  expect(mergedScan([null, null])).toBeNull();
  const one = scan([["CVE-1", "low"]]);
  expect(mergedScan([null, one])).toBe(one);
});

test("one that is done is enough; while none is, the most hopeful is told", () => {
  const done = scan([["CVE-1", "low"]]);
  for (const state of ["running", "failed", "none"] as const)
    expect(mergedScan([of(state), done])).toBe(done);
  expect(mergedScan([of("none"), of("failed"), of("running")])?.state).toBe("running");
  expect(mergedScan([of("none"), of("failed")])?.state).toBe("failed");
  expect(mergedScan([of("none"), null])?.state).toBe("none");
});

test("what either scanner found counts, at the worst that one of them says", () => {
  const a = scan([
    ["CVE-1", "medium"],
    ["CVE-2", "low"],
  ]);
  const b = scan(
    [
      ["CVE-1", "critical"],
      ["CVE-3", "high"],
    ],
    { scanner: "B", finishedAt: "2026-02-01T00:00:00Z" },
  );
  const merged = mergedScan([a, b]);
  expect(names(merged)).toEqual(["CVE-1 critical", "CVE-3 high", "CVE-2 low"]);
  expect(merged).toMatchObject({
    counts: { ...ZERO, critical: 1, high: 1, low: 1 },
    scanner: "A, B",
    finishedAt: "2026-02-01T00:00:00Z",
  });
});

test("what scanners count without listing it is counted once", () => {
  const a = scan([["CVE-1", "high"]], { counts: { ...ZERO, high: 3 } });
  const b = scan([], { counts: { ...ZERO, high: 1 } });
  expect(mergedScan([a, b])?.counts.high).toBe(3);
});
