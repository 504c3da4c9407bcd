import { expect, test } from "vitest";
import type { Step, TargetRun, Workload } from "./progress-model.ts";
import { courseOf, isSlow } from "./times-model.ts";

test.each([
  [40, null, false],
  [80, 40, false],
  [81, 40, true],
  // Twice next to nothing is next to nothing.
  [3, 1, false],
  [6, 1, true],
])("%s s where %s s are usual: slow %s", (seconds, usual, expected) => {
  expect(isSlow(seconds, usual)).toBe(expected);
});

const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 13, 0, second)).toISOString();
const step = (name: string, started: number | null, more: Partial<Step> = {}): Step => ({
  id: name,
  name,
  attempt: 1,
  state: started === null ? "waiting" : "succeeded",
  startedAt: started === null ? null : at(started),
  endedAt: null,
  usualMs: null,
  detail: null,
  input: {},
  continued: null,
  ...more,
});
type Pod = Workload["pods"][number];
const pod = (name: string, settledAt: string | null | undefined, more: Partial<Pod> = {}): Pod => ({
  name,
  revision: "new",
  state: "ready",
  reason: null,
  restarts: 0,
  container: "app",
  image: null,
  digest: null,
  node: null,
  startedAt: null,
  ...(settledAt === undefined ? {} : { settledAt }),
  ...more,
});
const workload = (state: Workload["state"], pods: Pod[], component = "api"): Workload => ({
  state,
  desired: pods.length,
  updated: pods.length,
  ready: pods.length,
  available: pods.length,
  oldPods: 0,
  pods,
  component,
  kind: "Deployment",
  name: component,
});
const target = (steps: Step[], more: Partial<TargetRun> = {}): TargetRun => ({
  id: "t",
  cluster: "east",
  namespace: "n",
  wave: 1,
  state: "rolling_out",
  startedAt: at(0),
  endedAt: null,
  cause: null,
  skipReason: null,
  comparison: null,
  steps,
  workloads: [],
  ...more,
});
const rolling = target([step("dry_run", 0), step("apply", 4), step("roll_out", 10)]);

test("from the apply until the last new pod was ready", () => {
  const pods = [pod("a", at(30)), pod("b", at(52)), pod("old", at(0), { revision: "old" })];
  expect(courseOf(rolling, workload("healthy", pods))).toEqual({ from: at(4), to: at(52) });
});

test("a cluster's whole second before the portal's thousandths is no time at all", () => {
  const early = target([step("apply", 4, { startedAt: "2026-11-20T13:00:04.800Z" })]);
  expect(courseOf(early, workload("healthy", [pod("a", at(4))]))).toEqual({
    from: "2026-11-20T13:00:04.800Z",
    to: "2026-11-20T13:00:04.800Z",
  });
});

test.each([
  ["not begun", target([step("dry_run", 0), step("apply", null)]), workload("progressing", [])],
  ["nothing replaced", rolling, workload("healthy", [pod("a", at(0))])],
  ["recorded before it was noted", rolling, workload("healthy", [pod("a", at(30)), pod("b", undefined)])],
  ["no pods", rolling, workload("healthy", [])],
])("no time: %s", (_, run, one) => {
  expect(courseOf(run, one)).toBeNull();
});

test("it goes on, or ended with its target or the step that failed", () => {
  const progressing = workload("progressing", [pod("a", null, { state: "starting" })]);
  expect(courseOf(rolling, progressing)).toEqual({ from: at(4), to: null });
  expect(courseOf({ ...rolling, endedAt: at(40) }, progressing)).toEqual({ from: at(4), to: at(40) });
  const failed = target([step("apply", 4), step("roll_out", 10, { state: "failed", endedAt: at(38) })]);
  expect(courseOf(failed, workload("failed", []))).toEqual({ from: at(4), to: at(38) });
});

test("a canaried component begins with the share it is at, the others with the apply", () => {
  const canaries = [{ component: "api", percent: 10, replicas: 1 }];
  const run = target([
    step("apply", 4),
    step("canary", 8, { input: { canaries } }),
    step("wait", 12),
    step("promote", 40),
    step("roll_out", 42),
  ]);
  expect(courseOf(run, workload("healthy", [pod("a", at(50))]))).toEqual({ from: at(40), to: at(50) });
  const web = workload("healthy", [pod("w", at(7))], "web");
  expect(courseOf(run, web)).toEqual({ from: at(4), to: at(7) });
});
