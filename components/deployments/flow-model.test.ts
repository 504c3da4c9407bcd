import { describe, expect, test } from "vitest";
import {
  canaryStops,
  continuedBy,
  gateOf,
  isTried,
  nextShare,
  takenOver,
  wavePreview,
  wavesOf,
} from "./flow-model.ts";
import type { Step, TargetRun } from "./progress-model.ts";

const step = (name: string, state: string, more: Partial<Step> = {}): Step => ({
  id: `${name} ${JSON.stringify(more.input ?? {})}`,
  name,
  attempt: 1,
  state,
  startedAt: null,
  endedAt: null,
  usualMs: null,
  detail: null,
  input: {},
  continued: null,
  ...more,
});
const canary = (percent: number, state: string): Step =>
  step("canary", state, { input: { canaries: [{ component: "api", percent, replicas: 1 }] } });
const target = (cluster: string, wave: number, more: Partial<TargetRun> = {}): TargetRun => ({
  id: cluster,
  cluster,
  namespace: "n",
  wave,
  state: "queued",
  startedAt: null,
  endedAt: null,
  cause: null,
  skipReason: null,
  comparison: null,
  steps: [],
  workloads: [],
  ...more,
});

describe("what a click continues", () => {
  test.each([
    [null, null],
    [{ kind: "paused" as const }, {}],
    [{ kind: "wave_gate" as const, wave: 2 }, { wave: 2 }],
    [{ kind: "wave_pause" as const, wave: 2 }, null],
    [{ kind: "health" as const, wave: 2 }, null],
    [{ kind: "step" as const, wait: "person" as const, step: "s" }, { step: "s" }],
    [{ kind: "step" as const, wait: "seconds" as const, step: "s" }, null],
  ])("%j", (waiting, expected) => {
    expect(continuedBy(waiting)).toEqual(expected);
  });
});

describe("waves", () => {
  const one = target("a", 1, { state: "succeeded", startedAt: "t" });
  const failed = target("b", 1, { state: "failed", startedAt: "t" });
  const later = target("c", 3);
  test("are told in order, with what came before", () => {
    expect(wavesOf([later, one, failed]).map(({ wave, targets }) => [wave, targets.length])).toEqual([
      [1, 2],
      [3, 1],
    ]);
    expect(wavePreview([one, failed, later], 3)).toEqual({
      clusters: ["c"],
      succeeded: 1,
      failed: 1,
      skipped: 0,
    });
  });

  test.each([
    ["it waits here", { kind: "wave_gate" as const, wave: 3 }, null, later, "here"],
    ["it waits at another", { kind: "wave_gate" as const, wave: 2 }, null, later, "ahead"],
    ["a step waits", { kind: "step" as const, wave: 3, step: "s" }, null, later, "ahead"],
    ["nothing waits", null, null, later, "ahead"],
    ["it has ended before", null, "t", later, "closed"],
    ["it has begun", null, "t", one, "passed"],
  ])("the gate: %s", (_name, waiting, endedAt, run, expected) => {
    expect(gateOf({ waiting, endedAt }, { wave: run.wave, targets: [run] })).toBe(expected);
  });
});

describe("the canary's shares", () => {
  const stops = (...steps: Step[]) =>
    canaryStops(target("a", 1, { steps })).map(({ percent, state }) => `${percent} ${state}`);
  test("none without a canary", () => {
    expect(stops(step("apply", "succeeded"), step("verify", "running"))).toEqual([]);
  });
  test("one is passed when what it waited for is over", () => {
    const wait = (state: string) => step("wait", state, { input: { wait: { kind: "person" } } });
    const rest = [step("promote", "waiting"), step("roll_out", "waiting"), step("verify", "waiting")];
    expect(stops(canary(10, "succeeded"), wait("running"), canary(50, "waiting"), ...rest)).toEqual([
      "10 now",
      "50 ahead",
      "100 ahead",
    ]);
    expect(stops(canary(10, "succeeded"), wait("succeeded"), canary(50, "running"), ...rest)).toEqual([
      "10 done",
      "50 now",
      "100 ahead",
    ]);
    expect(stops(canary(10, "succeeded"), wait("failed"), canary(50, "waiting"), ...rest)[0]).toBe(
      "10 stopped",
    );
  });
  test("a wait says what it goes on to, and what is seen meanwhile", () => {
    const person = step("wait", "running", { input: { wait: { kind: "person" } } });
    const run = target("a", 1, {
      steps: [canary(10, "succeeded"), person, canary(50, "waiting"), step("promote", "waiting")],
    });
    expect([nextShare(run, person.id), isTried(run)]).toEqual([{ now: 10, next: 50 }, true]);
    const last = target("a", 1, { steps: [canary(50, "succeeded"), person, step("promote", "waiting")] });
    expect(nextShare(last, person.id)).toEqual({ now: 50, next: 100 });
    const switched = target("a", 1, {
      steps: [step("roll_out", "succeeded"), person, step("switch", "waiting")],
    });
    expect([nextShare(switched, person.id), isTried(switched)]).toEqual([null, false]);
  });
  test("the whole is reached when everything is up", () => {
    const done = [step("promote", "succeeded"), step("roll_out", "succeeded"), step("verify", "running")];
    expect(stops(canary(50, "succeeded"), ...done)).toEqual(["50 done", "100 done"]);
  });
});

test("fields that were taken over, with who had them", () => {
  const fields = [{ field: ".spec.replicas", manager: "kubectl" }];
  const detail = { objects: [{ object: "Deployment api", result: "taken_over" as const, fields }] };
  expect(takenOver(target("a", 1, { steps: [step("apply", "succeeded", { detail })] }))).toEqual([
    { object: "Deployment api", field: ".spec.replicas", manager: "kubectl" },
  ]);
});
