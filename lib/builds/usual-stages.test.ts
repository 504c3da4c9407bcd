import { expect, test } from "vitest";
import { mediansOf } from "./usual-stages.ts";

const stage = (name: string, durationMs: number | null, state = "succeeded") => ({
  name,
  state,
  startedAt: null,
  durationMs,
});

test("a stage usually takes what it took in the middle, where it succeeded", () => {
  const builds = [
    [stage("Build", 9000), stage("Push", 10)],
    [stage("Build", 1000), stage("Push", 30, "failed")],
    null,
    [stage("Build", 3000), stage("Push", null, "running")],
  ];
  expect([...mediansOf(builds)]).toEqual([
    ["Build", 3000],
    ["Push", 10],
  ]);
  expect(mediansOf([])).toEqual(new Map());
});
