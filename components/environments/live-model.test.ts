import { expect, test } from "vitest";
import { countHealth, healthOf, type LiveTarget, type LiveWorkload, shortPod } from "./live-model.ts";

const workload = (state: LiveWorkload["state"]): LiveWorkload => ({
  state,
  desired: 1,
  updated: 1,
  ready: 1,
  available: 1,
  oldPods: 0,
  component: "quote-api",
  kind: "Deployment",
  name: "quote-api",
  release: null,
  paused: false,
  images: [],
  revisions: [],
});
const target = (state: LiveTarget["state"], workloads: LiveWorkload[]): LiveTarget => ({
  cluster: "east",
  namespace: "quotes-prod",
  wave: 1,
  state,
  version: null,
  message: null,
  last: null,
  workloads,
  events: [],
  drift: [],
});

test.each([
  [
    "a cluster that was not reached is unknown, whatever it said before",
    target("unknown", [workload("healthy")]),
    "unknown",
  ],
  [
    "one failed workload makes a target unhealthy",
    target("known", [workload("healthy"), workload("failed")]),
    "unhealthy",
  ],
  ["on its way", target("known", [workload("healthy"), workload("progressing")]), "progressing"],
  ["all well", target("known", [workload("healthy")]), "healthy"],
  ["nothing there", target("known", []), "missing"],
])("%s", (_, given, state) => {
  expect(healthOf(given)).toBe(state);
});

test("targets are counted by health", () => {
  expect(countHealth([target("known", [workload("healthy")]), target("unknown", [])])).toEqual([
    ["healthy", 1],
    ["unknown", 1],
  ]);
});

test("a pod is named by what its siblings lack", () => {
  expect(shortPod("quote-api-6f7c-x2k", "quote-api")).toBe("6f7c-x2k");
  expect(shortPod("other-1", "quote-api")).toBe("other-1");
});
