import { describe, expect, test } from "vitest";
import { likelyCause } from "./likely-cause.ts";
import type { Comparison, TargetRun } from "./progress-model.ts";

type Cause = NonNullable<TargetRun["cause"]>;
type Part = Comparison["parts"][number];
type Workload = TargetRun["workloads"][number];

const cause = (code: string, facts: Cause["facts"] = { component: "quote-api" }): Cause => ({
  code,
  message: code,
  facts,
  evidence: [],
});
const workload = (state: Workload["state"], old = 0): Workload => ({
  state,
  desired: 1,
  updated: 0,
  ready: 0,
  available: 0,
  oldPods: old,
  pods: Array.from({ length: old }, (_, index) => ({
    name: `old-${index}`,
    revision: "old" as const,
    state: "ready" as const,
    reason: null,
    restarts: 0,
    container: "app",
    image: null,
    digest: null,
    node: null,
    startedAt: null,
  })),
  component: "quote-api",
  kind: "Deployment",
  name: "quote-api",
});
const target = (cluster: string, state: string, more: Partial<TargetRun> = {}): TargetRun => ({
  id: cluster,
  cluster,
  namespace: "quotes",
  wave: 1,
  state,
  startedAt: null,
  endedAt: null,
  cause: null,
  skipReason: null,
  comparison: null,
  steps: [],
  workloads: [],
  ...more,
});
const healthy = target("sha-2", "succeeded", { workloads: [workload("healthy")] });

const differs = (part: Part["part"], here: string[], there: string[]): Part => ({
  part,
  same: false,
  here,
  there,
});
const PARTS = ["manifest", "secrets", "image", "nodes", "quota", "pod_security", "version"] as const;
const SAME: Part[] = PARTS.map((part) => ({ part, same: true, here: ["x"], there: [] }));
const told = (code: string, ...parts: Part[]) => {
  const merged = SAME.map((one) => parts.find(({ part }) => part === one.part) ?? one);
  const comparison = { with: { cluster: "sha-2", namespace: "quotes" }, parts: merged };
  return likelyCause([healthy, target("sha-1", "failed", { cause: cause(code), comparison })]);
};
const NODES = differs("nodes", ["arm64, cpu 4"], ["amd64, cpu 4"]);

describe("beside a healthy target", () => {
  test("the one difference is named, with the image that is the same", () => {
    expect(told("CRASH", NODES)).toMatchObject({
      kind: "differs",
      component: "quote-api",
      place: "sha-1",
      other: "sha-2",
      parts: ["nodes"],
      complete: true,
      sameImage: true,
    });
  });

  test("what could not be read is not counted as the same", () => {
    const unread: Part = { part: "quota", same: null, here: [], there: [] };
    expect(told("CRASH", NODES, unread)).toMatchObject({ kind: "differs", complete: false });
    const manifest: Part = { part: "manifest", same: null, here: [], there: [] };
    expect(told("CRASH", NODES, manifest)).toMatchObject({ sameImage: false });
  });

  test.each([
    ["UNSCHEDULABLE", NODES, "nodes"],
    ["QUOTA", differs("quota", ["tight: pods 1 of 1"], []), "quota"],
    ["POD_SECURITY", differs("pod_security", ["enforce: restricted"], []), "pod_security"],
    ["MISSING_CONFIG", differs("secrets", ["api: REDIS v2"], ["api: REDIS v3"]), "secrets"],
  ])("%s is explained by a difference, whatever else differs", (code, part, name) => {
    const other = differs("version", ["v1.33.1"], ["v1.34.4"]);
    expect(told(code, part, other)).toMatchObject({ kind: "explained", parts: [name] });
  });

  test("what came of the failure is no reason for it", () => {
    const image = differs("image", [], ["app: sha256:1"]);
    const nodes = differs("nodes", ["no pod is on a node"], ["amd64, cpu 4"]);
    const quota = differs("quota", ["all: pods 1 of 5"], ["all: pods 3 of 5"]);
    expect(told("CRASH", image, nodes, quota)).toMatchObject({ kind: "alike", parts: [], sameImage: true });
  });

  test("another image in the manifest is not called the same", () => {
    const manifest = differs("manifest", ["Deployment api: image: a"], ["Deployment api: image: b"]);
    expect(told("CRASH", manifest)).toMatchObject({ kind: "differs", parts: ["manifest"], sameImage: false });
    const value = differs("manifest", ["ConfigMap api: REDIS: a"], ["ConfigMap api: REDIS: b"]);
    expect(told("CRASH", value)).toMatchObject({ parts: ["manifest"], sameImage: true });
  });

  test("not compared yet", () => {
    const failed = target("sha-1", "failed", { cause: cause("CRASH") });
    expect(likelyCause([failed, healthy])).toMatchObject({ kind: "elsewhere", other: "sha-2" });
  });
});

describe("without a healthy target", () => {
  const failed = (cluster: string, code: string, old = 0) =>
    target(cluster, "failed", { cause: cause(code), workloads: [workload("failed", old)] });

  test("the same failure in every place points to the version", () => {
    const all = [failed("sha-1", "CRASH"), failed("sha-2", "CRASH")];
    expect(likelyCause(all)).toMatchObject({ kind: "everywhere", count: 2 });
    const unlike = [failed("sha-1", "CRASH"), failed("sha-2", "QUOTA")];
    expect(likelyCause(unlike)).toMatchObject({ kind: "told", count: 1 });
  });

  test("an old version that serves on points to what was changed, where the change can be it", () => {
    expect(likelyCause([failed("sha-1", "CRASH", 1)])?.kind).toBe("version");
    expect(likelyCause([failed("sha-1", "UNSCHEDULABLE", 1)])?.kind).toBe("told");
    expect(likelyCause([failed("sha-1", "CRASH")])?.kind).toBe("told");
  });

  test("a cause that names its origin is left as it is", () => {
    const facts = { cluster: "sha-1", reason: "401" };
    const refused = target("sha-1", "failed", { cause: cause("CLUSTER_FORBIDDEN", facts) });
    expect(likelyCause([refused, healthy])?.kind).toBe("told");
  });

  test("nothing failed, or nothing is known of it", () => {
    expect(likelyCause([healthy, target("sha-1", "failed")])).toBeNull();
    expect(likelyCause([target("sha-1", "cancelled", { cause: cause("NOT_STARTED") })])).toBeNull();
  });

  test("the reader picks another", () => {
    const second = failed("sha-2", "QUOTA");
    expect(likelyCause([failed("sha-1", "CRASH"), second], second)).toMatchObject({
      place: "sha-2",
      code: "QUOTA",
    });
  });
});
