import { expect, test } from "vitest";
import type { Strategy } from "#lib/strategies/schema.ts";
import { stagesOf } from "./strategy-stages.ts";

const drawn = (strategy: Strategy, replicas: number) =>
  stagesOf(strategy, replicas).map(
    ({ name, pods }) => `${name}: ${pods.map(({ kind, count }) => `${count} ${kind}`).join(" + ")}`,
  );

test("pods stage by stage", () => {
  expect(drawn({ kind: "rolling" }, 3)).toEqual(["before: 3 old", "rolling: 1 old + 2 new", "after: 3 new"]);
  expect(drawn({ kind: "rolling" }, 1)).toEqual(["before: 1 old", "rolling: 1 new", "after: 1 new"]);
  expect(drawn({ kind: "recreate" }, 2)).toEqual(["before: 2 old", "stopped: ", "after: 2 new"]);
  const wait = { kind: "none" } as const;
  const steps = [
    { percent: 10, wait },
    { percent: 50, wait },
  ];
  expect(drawn({ kind: "canary", steps }, 10)).toEqual([
    "before: 10 old",
    "canary: 10 old + 2 new",
    "canary: 10 old + 10 new",
    "after: 10 new",
  ]);
  expect(drawn({ kind: "blue_green", wait }, 2)).toEqual([
    "before: 2 old",
    "ready: 2 old + 2 idle",
    "after: 2 new",
  ]);
});
