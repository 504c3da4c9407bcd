import { expect, test } from "vitest";
import type { PodView } from "#lib/rollouts/schema.ts";
import {
  evidenceShown,
  harmOf,
  healthyElsewhere,
  newCells,
  oldCells,
  type Step,
  stepsNow,
  type TargetRun,
  type Workload,
} from "./progress-model.ts";

const pod = (name: string, revision: PodView["revision"], state: PodView["state"]): PodView => ({
  name,
  revision,
  state,
  reason: null,
  restarts: 0,
  container: "app",
  image: null,
  digest: null,
  node: null,
  startedAt: null,
});
const workload = (desired: number, pods: PodView[], state: Workload["state"] = "progressing"): Workload => ({
  state,
  desired,
  updated: 0,
  ready: 0,
  available: 0,
  oldPods: 0,
  pods,
  component: "quote-api",
  kind: "Deployment",
  name: "quote-api",
});
const target = (cluster: string, workloads: Workload[], steps: Step[] = []): TargetRun => ({
  id: cluster,
  cluster,
  namespace: "quotes-prod",
  wave: 1,
  state: "rolling_out",
  startedAt: null,
  endedAt: null,
  cause: null,
  skipReason: null,
  comparison: null,
  steps,
  workloads,
});

test("new pods come ready first, and what is still to be created is shown", () => {
  const cells = newCells(
    workload(4, [
      pod("c", "new", "failing"),
      pod("b", "new", "starting"),
      pod("a", "new", "ready"),
      pod("o", "old", "ready"),
    ]),
  );
  expect(cells.map(({ look }) => look)).toEqual(["ready", "failing", "starting", "none"]);
});

test("a pod that goes away does not count for one that is wanted", () => {
  expect(newCells(workload(1, [pod("a", "new", "terminating")])).map(({ look }) => look)).toEqual([
    "none",
    "ending",
  ]);
});

test("old pods stand or go", () => {
  expect(
    oldCells(
      workload(1, [pod("a", "old", "ready"), pod("b", "old", "terminating"), pod("c", "old", "succeeded")]),
    ).map(({ look }) => look),
  ).toEqual(["old", "ending"]);
});

test.each([
  ["old pods serve on", [pod("a", "old", "ready"), pod("b", "new", "failing")], "none", 1],
  ["nothing serves", [pod("b", "new", "failing"), pod("a", "old", "terminating")], "down", 0],
])("harm: %s", (_, pods, kind, serving) => {
  expect(harmOf(target("east", [workload(1, pods)]), "quote-api")).toEqual({ kind, serving });
});

test("harm is not known where the component was not seen", () => {
  expect(harmOf(target("east", []), "quote-api").kind).toBe("unknown");
});

test("the same component healthy elsewhere points to the failed target", () => {
  const failed = target("west", [workload(1, [], "failed")]);
  const fine = target("east", [workload(1, [], "healthy")]);
  expect(healthyElsewhere([fine, failed], failed, "quote-api")).toEqual([fine]);
  expect(healthyElsewhere([fine, failed], failed, "portal-web")).toEqual([]);
});

test("the track shows the newest attempt", () => {
  const step = (attempt: number, name: string): Step => ({
    id: `${attempt} ${name}`,
    name,
    attempt,
    state: "waiting",
    startedAt: null,
    endedAt: null,
    usualMs: null,
    detail: null,
    input: {},
    continued: null,
  });
  const run = target("east", [], [step(1, "dry_run"), step(1, "apply"), step(2, "dry_run")]);
  expect(stepsNow(run).map(({ attempt, name }) => [attempt, name])).toEqual([[2, "dry_run"]]);
});

test("evidence: the log first, each kind of event once", () => {
  const event = (text: string) => ({ source: "event" as const, text, at: null });
  expect(
    evidenceShown([
      { source: "status", text: "Error, exit code 1", at: null },
      event("Unhealthy: dial tcp 1"),
      event("Unhealthy: dial tcp 2"),
      event("BackOff: restarting"),
      { source: "log", text: "FATAL no source", at: null },
    ]).map(({ text }) => text),
  ).toEqual(["FATAL no source", "Unhealthy: dial tcp 1", "BackOff: restarting", "Error, exit code 1"]);
});
