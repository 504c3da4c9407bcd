import { describe, expect, test } from "vitest";
import type { TargetRunState } from "./state.ts";
import { nextOf, type WaveFacts } from "./waves.ts";

const now = new Date("2026-11-21T12:00:00Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
/** `a1:succeeded` is target a in wave 1; `!` after it: one of its steps is under way. It ended ten seconds ago. */
const targetsOf = (text: string): WaveFacts["targets"] =>
  text.split(" ").map((part) => {
    const [place = "", state = ""] = part.replace("!", "").split(":");
    const known: readonly TargetRunState[] = [
      "queued",
      "applying",
      "verifying",
      "succeeded",
      "failed",
      "cancelled",
      "unknown",
      "skipped",
    ];
    const found = known.find((one) => one === state);
    if (!found) throw new Error(`no state ${state}`);
    const over = ["succeeded", "failed", "skipped"].includes(found);
    return {
      id: place.slice(0, 1),
      wave: Number(place.slice(1)),
      state: found,
      endedAt: over ? ago(10) : null,
      busy: part.endsWith("!"),
    };
  });
const policy = { waveGate: "auto" as const, wavePauseSeconds: 0, maxFailedTargets: 0 };
const next = (text: string, change: Partial<WaveFacts> = {}) =>
  nextOf({ now, paused: false, waveContinued: 0, policy, targets: targetsOf(text), ...change });
const work = (...targets: string[]) => ({ do: "work", targets });
const one = { policy: { ...policy, maxFailedTargets: 1 } };
const person = { policy: { ...policy, waveGate: "person" as const } };
const slow = { policy: { ...policy, wavePauseSeconds: 30 } };

describe("the first wave, and one that has begun", () => {
  test.each([
    ["all begin together", "a1:queued b1:queued c2:queued", work("a", "b")],
    ["the numbers of waves need not begin at one", "a3:queued b7:queued", work("a")],
    ["each goes on by itself", "a1:succeeded b1:applying! c2:queued", work("b")],
    ["one that failed does not stop the others of its wave", "a1:failed b1:verifying! c2:queued", work("b")],
    ["a silent cluster keeps its wave open", "a1:succeeded b1:unknown! c2:queued", work("b")],
    ["what is tried again goes on without asking", "a1:succeeded b1:queued c2:queued", work("b")],
    [
      "what is left of a wave where too many failed does not begin",
      "a1:failed b1:queued",
      { do: "fail", target: "a" },
    ],
  ])("%s", (_name, text, expected) => {
    expect(next(text)).toEqual(expected);
  });
});

describe("the next wave", () => {
  const begin = (healthy: string[], ...targets: string[]) => ({ do: "begin", wave: 2, targets, healthy });
  test.each<[string, string, Partial<WaveFacts>, unknown]>([
    ["begins when all before it succeeded", "a1:succeeded b2:queued", {}, begin(["a"], "b")],
    ["does not begin when one failed", "a1:failed b2:queued", {}, { do: "fail", target: "a" }],
    ["begins when few enough failed", "a1:failed c1:succeeded b2:queued", one, begin(["c"], "b")],
    ["does not begin when more failed", "a1:failed c1:failed b2:queued", one, { do: "fail", target: "a" }],
    ["what was skipped does not count", "a1:skipped b2:queued", {}, begin([], "b")],
    [
      "waits for a person",
      "a1:succeeded b2:queued",
      person,
      { do: "hold", hold: { kind: "wave_gate", wave: 2, until: null }, seconds: null },
    ],
    [
      "who has agreed to this wave",
      "a1:succeeded b2:queued",
      { ...person, waveContinued: 2 },
      begin(["a"], "b"),
    ],
    [
      "who has agreed to an earlier one only",
      "a1:succeeded c2:succeeded b3:queued",
      { ...person, waveContinued: 2 },
      { do: "hold", hold: { kind: "wave_gate", wave: 3, until: null }, seconds: null },
    ],
    [
      "waits for the pause since the last one ended",
      "a1:succeeded b2:queued",
      slow,
      { do: "hold", hold: { kind: "wave_pause", wave: 2, until: ago(-20) }, seconds: 20 },
    ],
    [
      "begins when the pause is over",
      "a1:succeeded b2:queued",
      { ...slow, now: ago(-20) },
      begin(["a"], "b"),
    ],
    [
      "a person is asked while the pause lasts",
      "a1:succeeded b2:queued",
      { policy: { ...slow.policy, waveGate: "person" } },
      { do: "hold", hold: { kind: "wave_gate", wave: 2, until: ago(-20) }, seconds: null },
    ],
    [
      "and the pause still counts after that",
      "a1:succeeded b2:queued",
      { policy: { ...slow.policy, waveGate: "person" }, waveContinued: 2 },
      { do: "hold", hold: { kind: "wave_pause", wave: 2, until: ago(-20) }, seconds: 20 },
    ],
  ])("%s", (_name, text, change, expected) => {
    expect(next(text, change)).toEqual(expected);
  });
});

describe("a pause", () => {
  const paused = { paused: true };
  const hold = { do: "hold", hold: { kind: "paused" }, seconds: null };
  test.each([
    ["lets the step at hand end", "a1:applying! b1:applying c2:queued", work("a")],
    ["then nothing begins", "a1:applying b1:succeeded c2:queued", hold],
    ["no wave either", "a1:succeeded b2:queued", hold],
    ["but what has ended is told", "a1:succeeded b1:succeeded", { do: "succeed" }],
  ])("%s", (_name, text, expected) => {
    expect(next(text, paused)).toEqual(expected);
  });
});

describe("the end", () => {
  test.each<[string, string, Partial<WaveFacts>, unknown]>([
    ["all succeeded", "a1:succeeded b2:succeeded", {}, { do: "succeed" }],
    ["one was skipped", "a1:skipped b2:succeeded", {}, { do: "succeed" }],
    ["nothing was reached", "a1:skipped b2:skipped", {}, { do: "fail", target: "a" }],
    ["one failed, though that was allowed", "a1:failed b2:succeeded", one, { do: "fail", target: "a" }],
  ])("%s", (_name, text, change, expected) => {
    expect(next(text, change)).toEqual(expected);
  });
});
