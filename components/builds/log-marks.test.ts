import { expect, test } from "vitest";
import { stageAt, stagesOf } from "./build-stages.ts";
import { findingsOf, firstErrorOf, marksIn } from "./log-marks.ts";

const marks = (text: string, telling: string | null = null) =>
  marksIn(new TextEncoder().encode(`${text}\n`), 1, { telling });
const none = { stages: [], state: "succeeded" as const };

test("stages begin at their mark, of a pipeline or of our own job", () => {
  const log = marks(
    "Started\n[Refract] stage: Checkout\nChecked out\n[2026-11-20T10:00:00Z] [Refract] stage: Build\n+ make\nok",
  );
  expect(stagesOf({ ...none, state: "failed" }, log)).toMatchObject([
    { name: "Checkout", state: "succeeded", line: 2 },
    { name: "Build", state: "failed", line: 4 },
  ]);
  const pipeline = marks(
    "\u001b[8mha:////4AAA\u001b[0m[Pipeline] { (Checkout)\n[Pipeline] git\n[Pipeline] }\n[Pipeline] { (Build)",
  );
  expect(stagesOf(none, pipeline).map(({ name, line }) => [name, line])).toEqual([
    ["Checkout", 1],
    ["Build", 4],
  ]);
});

test("what the build server tells goes first, and leads to where the log says that it begins", () => {
  const log = marks("[Pipeline] { (Test)\n[Pipeline] { (Test)\n[Pipeline] { (Push)");
  const told = (name: string, state: "succeeded" | "skipped" | "paused") => ({
    name,
    state,
    startedAt: null,
    durationMs: 1000,
    usualMs: null,
  });
  const stages = stagesOf(
    {
      state: "running",
      stages: [
        told("Test", "succeeded"),
        told("Test", "paused"),
        told("Scan", "skipped"),
        told("Push", "succeeded"),
      ],
    },
    log,
  );
  expect(stages.map(({ line, state }) => [line, state])).toEqual([
    [1, "succeeded"],
    [2, "waiting"],
    [null, "skipped"],
    [3, "succeeded"],
  ]);
  expect(stageAt(stages, 2)).toBe(stages[1]);
  expect(stageAt(stages, 99)).toBe(stages[3]);
});

test("a log without marks has no stages, and talk of stages is no mark", () => {
  expect(stagesOf(none, marks("say [Refract] stage: x\nFROM base AS stage: y\n[Pipeline] }"))).toEqual([]);
});

test("errors and warnings are found once each, counts of zero are neither", () => {
  const log = marks(
    "[INFO] Tests run: 3, Failures: 0, Errors: 0\n[WARN] deprecated API\n[ERROR] cannot compile\n[WARN] deprecated API",
  );
  expect(findingsOf(log)).toEqual([
    { line: 2, kind: "wait", text: "deprecated API", times: 2 },
    { line: 3, kind: "bad", text: "cannot compile", times: 1 },
  ]);
});

test("what differs in numbers alone is said once, and a repeated command is nothing", () => {
  const log = marks(
    "+ echo ERROR: no\n+ WARN=1 make\nWARN 1 skipped after 0.5 s\nWARN 2 skipped after 12 s\nWARN other\n[INFO] BUILD FAILURE\nFinished: FAILURE",
  );
  expect(findingsOf(log)).toEqual([
    { line: 3, kind: "wait", text: "1 skipped after 0.5 s", times: 2 },
    { line: 5, kind: "wait", text: "other", times: 1 },
  ]);
});

test("among many findings no error is lost", () => {
  const found = findingsOf(
    marks(
      `${Array.from({ length: 200 }, (_, i) => `warning: number ${"x".repeat(i)}`).join("\n")}\nERROR: the one`,
    ),
  );
  expect(found).toHaveLength(60);
  expect(found.at(-1)).toMatchObject({ line: 201, kind: "bad" });
});

test("the line that was taken for the cause comes before the first error, its last time", () => {
  const text = "ERROR: one\nlinker gave up\nERROR: two\n  linker gave up  \nFinished: FAILURE";
  expect(firstErrorOf(marks(text))).toBe(1);
  expect(firstErrorOf(marks(text, "linker gave up"))).toBe(4);
  expect(firstErrorOf(marks("all is well"))).toBeNull();
});
