import { describe, expect, test } from "vitest";
import { type FlowFacts, waitingOf } from "./waiting.ts";

const now = new Date("2026-11-21T12:00:00Z");
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const environment = {
  waveGate: "person" as const,
  wavePauseSeconds: 30,
  maxFailedTargets: 0,
  onFailure: "stop" as const,
};
type Target = FlowFacts["targets"][number];
type Step = Target["steps"][number];
const target = (id: string, wave: number, more: Partial<Target> = {}): Target => ({
  id,
  wave,
  state: "queued",
  endedAt: null,
  cause: null,
  steps: [],
  ...more,
});
const waits = (id: string, wait: Step["input"]["wait"], more: Partial<Step> = {}): Step => ({
  id,
  state: "running",
  startedAt: at(-10),
  continuedAt: null,
  input: { wait },
  ...more,
});
const person = waits("p", { kind: "person" });
const seconds = waits("s", { kind: "seconds", seconds: 60 });
const done = target("a", 1, { state: "succeeded", endedAt: at(-10) });
const next = target("b", 2);
const rolling = (id: string, step: Step) => target(id, 1, { state: "rolling_out", steps: [step] });
const waiting = (targets: readonly Target[], more: Partial<FlowFacts> = {}) =>
  waitingOf({ automaticFor: null, pausedAt: null, waveContinued: 0, environment, targets, ...more }, now);

describe("what a deployment waits for", () => {
  test("nothing while it goes on", () => {
    expect(waiting([target("a", 1, { state: "applying" }), next])).toBeNull();
  });

  test("a pause before all else", () => {
    expect(waiting([rolling("a", person)], { pausedAt: now })).toEqual({ kind: "paused" });
  });

  test("a step, one that waits for a person first, until somebody has answered", () => {
    const step = { kind: "step", wave: 1 };
    expect(waiting([rolling("a", seconds), rolling("b", person)])).toEqual({
      ...step,
      wait: "person",
      target: "b",
      step: "p",
    });
    expect(waiting([rolling("a", seconds)])).toEqual({
      ...step,
      wait: "seconds",
      target: "a",
      step: "s",
      until: at(50).toISOString(),
    });
    expect(waiting([rolling("a", { ...person, continuedAt: now })])).toBeNull();
  });

  test("a person at the gate, then the pause, then the health of what came before", () => {
    const until = at(20).toISOString();
    expect(waiting([done, next])).toEqual({ kind: "wave_gate", wave: 2, until });
    expect(waiting([done, next], { waveContinued: 2 })).toEqual({ kind: "wave_pause", wave: 2, until });
    const unwell = { ...done, endedAt: at(-40), cause: { since: at(-15).toISOString() } };
    expect(waiting([unwell, next], { waveContinued: 2 })).toEqual({
      kind: "health",
      wave: 2,
      target: "a",
      until: at(45).toISOString(),
    });
  });

  test("a rollback that nobody asked for waits for nobody", () => {
    expect(waiting([done, next], { automaticFor: "failed" })).toBeNull();
  });
});
