import { expect, test } from "vitest";
import { findingsOf, stagesOf } from "./log-marks.ts";

const lines = (text: string) => text.split("\n").map((line) => ({ text: line }));

test("stages run from their mark to the line before the next one", () => {
  const log = lines(
    "Started\n[Refract] stage: Checkout\nChecked out 41d07be\n[2026-11-20T10:00:00Z] [Refract] stage: Build\n+ make\nok",
  );
  expect(stagesOf(log)).toEqual([
    { name: "Checkout", from: 2, to: 3 },
    { name: "Build", from: 4, to: 6 },
  ]);
});

test("a log without marks has no stages, and talk of stages is no mark", () => {
  expect(stagesOf(lines("say [Refract] stage: x\nFROM base AS stage: y"))).toEqual([]);
});

test("errors and warnings are found once each, counts of zero are neither", () => {
  const log = lines(
    "[INFO] Tests run: 3, Failures: 0, Errors: 0\n[WARN] deprecated API\n[ERROR] cannot compile\n[WARN] deprecated API",
  );
  expect(findingsOf(log)).toEqual([
    { line: 2, kind: "wait", text: "deprecated API" },
    { line: 3, kind: "bad", text: "cannot compile" },
  ]);
});

test("among many findings no error is lost", () => {
  const log = lines(
    `${Array.from({ length: 200 }, (_, i) => `warning: number ${i}`).join("\n")}\nERROR: the one`,
  );
  const found = findingsOf(log);
  expect(found).toHaveLength(60);
  expect(found.at(-1)).toMatchObject({ line: 201, kind: "bad" });
});
