import { describe, expect, test } from "vitest";
import type { ArtifactScan, Severity } from "#lib/artifacts/content.ts";
import { imageBlockers, standingWaivers, waiversUsed } from "./blockers.ts";
import { type ImageFacts, imageFindings, type RegistryWord, type WaiverFacts } from "./findings.ts";
import { NO_POLICY, type PolicyRules } from "./schema.ts";
import { verdictOf } from "./verdict.ts";

const now = new Date("2026-11-20T08:00:00Z");
const days = (count: number) => new Date(now.getTime() + count * 86_400_000);

function scanOf(found: [id: string, severity: Severity, fixed?: string][], extra = {}): ArtifactScan {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0 };
  for (const [, severity] of found) counts[severity] += 1;
  return {
    state: "done",
    scanner: "Trivy 0.58",
    finishedAt: now.toISOString(),
    counts,
    vulnerabilities: found.map(([id, severity, fixed]) => ({
      id,
      severity,
      package: "openssl",
      version: "3.0.1",
      fixedVersion: fixed ?? null,
      link: null,
    })),
    ...extra,
  };
}
const evidence = (signatures: string[][]) => ({
  keys: ["release"],
  signatures: signatures.map((verifiedBy, index) => ({
    digest: `sha256:${index}`,
    verifiedBy,
    problem: null,
  })),
  sboms: [],
  provenance: [],
});
const word = (change: Partial<RegistryWord> = {}): RegistryWord => ({
  inspectedAt: days(-1),
  evidence: evidence([["release"]]),
  scan: scanOf([]),
  ...change,
});
const good: ImageFacts = {
  component: "api",
  image: "images.example.com/shop/api:R-1",
  registry: "images",
  said: [word()],
  base: "node",
};
type Change = Partial<RegistryWord> & Partial<ImageFacts>;
/** The good image, but for what one registry says of it or where it is. */
const imageOf = ({ registry = "images", base = "node", said, ...only }: Change): ImageFacts => ({
  ...good,
  registry,
  base,
  said: said ?? [word(only)],
});
const strict: PolicyRules = {
  maxSeverity: "none",
  requireScan: true,
  requireSignature: true,
  allowedBases: ["node"],
  allowedRegistries: ["images"],
};
const CVE = "CVE-2026-1234";
const severities = scanOf([
  ["c", "critical"],
  ["h", "high"],
  ["m", "medium"],
  ["l", "low"],
  ["n", "negligible"],
  ["u", "unknown"],
]);

describe("findings", () => {
  test.each<[string, Partial<PolicyRules>, Change, string[]]>([
    ["nothing asked, nothing known", {}, { inspectedAt: null, scan: null, evidence: null, base: null }, []],
    ["all asked, all there", strict, {}, []],
    [
      "never inspected",
      strict,
      { inspectedAt: null },
      ["scan", "signature", "base"].map((r) => `${r} not_inspected`),
    ],
    ["inspected long ago", strict, { inspectedAt: days(-8) }, ["scan old", "signature old", "base old"]],
    ["still believed", strict, { inspectedAt: days(-7) }, []],
    ["a scan where none is made", { requireScan: true }, { scan: null }, ["scan no_scanner"]],
    ["a limit where nobody scans", { maxSeverity: "high" }, { scan: null }, []],
    ["not scanned yet", { requireScan: true }, { scan: scanOf([], { state: "none" }) }, ["scan scan_none"]],
    [
      "being scanned",
      { maxSeverity: "high" },
      { scan: scanOf([], { state: "running" }) },
      ["scan scan_running"],
    ],
    [
      "the scan failed",
      { maxSeverity: "low" },
      { scan: scanOf([], { state: "failed" }) },
      ["scan scan_failed"],
    ],
    ["a scan alone asks for no limit", { requireScan: true }, { scan: severities }, []],
    ["up to high", { maxSeverity: "high" }, { scan: severities }, ["c vulnerable"]],
    ["up to medium", { maxSeverity: "medium" }, { scan: severities }, ["c vulnerable", "h vulnerable"]],
    [
      "up to low",
      { maxSeverity: "low" },
      { scan: severities },
      ["c", "h", "m"].map((id) => `${id} vulnerable`),
    ],
    [
      "none at all",
      { maxSeverity: "none" },
      { scan: severities },
      ["c", "h", "m", "l", "n", "u"].map((id) => `${id} vulnerable`),
    ],
    [
      "with a fix",
      { maxSeverity: "low" },
      { scan: scanOf([[CVE, "high", "3.0.2"]]) },
      [`${CVE} vulnerable_fixed`],
    ],
    [
      "one in two packages",
      { maxSeverity: "low" },
      {
        scan: scanOf([
          [CVE, "high"],
          [CVE, "high"],
        ]),
      },
      [`${CVE} vulnerable`],
    ],
    [
      "counted, not listed",
      { maxSeverity: "low" },
      { scan: { ...scanOf([[CVE, "high"]]), counts: { ...scanOf([]).counts, high: 4 } } },
      [`${CVE} vulnerable`, "severity unlisted"],
    ],
    ["not signed", { requireSignature: true }, { evidence: evidence([]) }, ["signature unsigned"]],
    ["evidence never read", { requireSignature: true }, { evidence: null }, ["signature unsigned"]],
    [
      "signed by a stranger",
      { requireSignature: true },
      { evidence: evidence([[], []]) },
      ["signature untrusted"],
    ],
    ["one good signature", { requireSignature: true }, { evidence: evidence([[], ["release"]]) }, []],
    ["another base", { allowedBases: ["java"] }, {}, ["base base"]],
    ["no known base", { allowedBases: ["node"] }, { base: null }, ["base base_unknown"]],
    ["another registry", { allowedRegistries: ["prod"] }, {}, ["registry registry"]],
    [
      "no known registry",
      { allowedRegistries: ["images"] },
      { registry: null },
      ["registry registry_unknown"],
    ],
    ["a registry needs no inspection", { allowedRegistries: ["images"] }, { inspectedAt: null }, []],
  ])("%s", (_name, policy, facts, expected) => {
    const findings = imageFindings({ ...NO_POLICY, ...policy }, imageOf(facts), [], now);
    expect(findings.map(({ subject, reason }) => `${subject} ${reason}`)).toEqual(expected);
    expect(findings.every(({ waivedBy, component }) => waivedBy === null && component === "api")).toBe(true);
  });
});

describe("an image in two registries", () => {
  const bad = scanOf([[CVE, "high"]]);
  const unsigned = { evidence: evidence([]) };
  test.each<[string, Partial<RegistryWord>, Partial<RegistryWord>, string[]]>([
    ["both say well", {}, {}, []],
    ["only one was asked yet", {}, { inspectedAt: null, evidence: null, scan: null }, []],
    ["a signature in either counts", unsigned, {}, []],
    ["signed in neither", unsigned, unsigned, ["signature unsigned"]],
    ["what either scanner found counts", {}, { scan: bad }, [`${CVE} vulnerable`]],
    ["one scan that is done is enough", { scan: null }, {}, []],
    ["also while the other runs", {}, { scan: scanOf([], { state: "running" }) }, []],
    ["neither has scanned", { scan: null }, { scan: scanOf([], { state: "none" }) }, ["scan scan_none"]],
    ["what was said long ago counts no more", { inspectedAt: days(-8), scan: bad }, {}, []],
    [
      "neither is believed",
      { inspectedAt: days(-8) },
      { inspectedAt: days(-9) },
      ["scan old", "signature old", "base old"],
    ],
    ["a lapsed signature", { inspectedAt: days(-8) }, unsigned, ["signature unsigned"]],
  ])("%s", (_name, built, deployed, expected) => {
    const image = imageOf({ said: [word(built), word(deployed)] });
    const findings = imageFindings({ ...strict, maxSeverity: "low" }, image, [], now);
    expect(findings.map(({ subject, reason }) => `${subject} ${reason}`)).toEqual(expected);
  });
});

const waiver = (change: Partial<WaiverFacts> = {}): WaiverFacts => ({
  id: "w1",
  component: "api",
  subject: CVE,
  owner: "Ops",
  reason: "not reachable",
  expiresAt: days(1),
  ...change,
});
const vulnerable = imageOf({ scan: scanOf([[CVE, "high"]]) });
const judge = (waivers: WaiverFacts[], at = now, facts: ImageFacts = vulnerable) =>
  imageFindings({ ...NO_POLICY, maxSeverity: "low", requireSignature: true }, facts, waivers, at);

describe("a waiver", () => {
  test.each<[string, Partial<WaiverFacts>, boolean]>([
    ["of the vulnerability", {}, true],
    ["of the rule", { subject: "severity" }, true],
    ["of the whole project", { component: null }, true],
    ["of another component", { component: "web" }, false],
    ["of another vulnerability", { subject: "CVE-2026-9999" }, false],
    ["of another rule", { subject: "signature" }, false],
    ["that ends now", { expiresAt: now }, false],
  ])("%s", (_name, change, through) => {
    expect(judge([waiver(change)]).map(({ waivedBy }) => waivedBy?.id ?? null)).toEqual([
      through ? "w1" : null,
    ]);
  });

  test("the oldest of several counts, so that another one changes no plan", () => {
    const waivers = [waiver({ id: "w2" }), waiver()];
    expect(judge(waivers)[0]?.waivedBy).toEqual({
      id: "w1",
      owner: "Ops",
      reason: "not reachable",
      expiresAt: days(1).toISOString(),
    });
  });

  test("a plan rests on it until it is gone, and not longer than it is needed", () => {
    const named = waiversUsed(judge([waiver()]));
    expect(named).toEqual([
      { component: "api", subject: CVE, waiver: "w1", expiresAt: days(1).toISOString() },
    ]);
    expect(standingWaivers(named, judge([waiver()]))).toEqual(named);
    // It ended while it is needed: the plan is another one.
    expect(standingWaivers(named, judge([waiver()], days(2)))).toEqual([]);
    // Nothing has to be let through any more.
    expect(standingWaivers(named, judge([waiver()], now, good))).toEqual(named);
    // Another one took its place.
    expect(standingWaivers(named, judge([waiver({ id: "w2" })]))[0]?.waiver).toBe("w2");
    // One that is granted afterwards makes it another plan: who approves sees it.
    expect(standingWaivers([], judge([waiver()]))).toEqual(named);
  });
});

test.each([
  [[], false, "free"],
  [[], true, "passes"],
  [[{ waivedBy: { id: "w", owner: "o", reason: "r", expiresAt: "e" } }], true, "waived"],
  [[{ waivedBy: { id: "w", owner: "o", reason: "r", expiresAt: "e" } }, { waivedBy: null }], true, "refused"],
])("%j of a policy (%s) is %s", (findings, asks, verdict) => {
  expect(verdictOf(findings, asks)).toBe(verdict);
});

describe("blockers", () => {
  test("one a component and rule, naming what is open and who can lift it", () => {
    const many = scanOf(["1", "2", "3", "4", "5", "6", "7"].map((id) => [`CVE-${id}`, "high"]));
    const facts = imageOf({ scan: many, evidence: evidence([]) });
    const findings = judge([waiver({ subject: "CVE-2" })], now, facts);
    expect(imageBlockers(findings, "PROD")).toMatchObject([
      {
        code: "IMAGE_SEVERITY",
        facts: {
          component: "api",
          count: 6,
          more: 1,
          ids: "CVE-1, CVE-3, CVE-4, CVE-5, CVE-6",
          severity: "high",
        },
        liftedBy: ["ops", "owner"],
      },
      { code: "IMAGE_UNSIGNED", facts: { reason: "unsigned", environment: "PROD" } },
    ]);
  });
  test.each<[Partial<PolicyRules>, Change, string]>([
    [{ requireScan: true }, { scan: null }, "IMAGE_UNSCANNED"],
    [{ allowedBases: ["java"] }, {}, "IMAGE_BASE"],
    [{ allowedRegistries: ["prod"] }, {}, "IMAGE_REGISTRY"],
  ])("%o is told as its own code", (policy, facts, code) => {
    const findings = imageFindings({ ...NO_POLICY, ...policy }, imageOf(facts), [], now);
    expect(imageBlockers(findings, "PROD").map((blocker) => blocker.code)).toEqual([code]);
  });
  test("what is waived holds nothing back", () => {
    expect(imageBlockers(judge([waiver()]), "PROD")).toEqual([]);
  });
});
