import { expect, test } from "vitest";
import { rowsOf } from "#components/ui/diff-lines.ts";
import { conflictId, keptRow, rowOf } from "./conflict-rows.ts";
import type { PlanObject } from "./review-model.ts";

const line = (
  kind: "same" | "added" | "removed",
  left: number | null,
  right: number | null,
  text: string,
) => ({
  kind,
  left,
  right,
  text,
  source: null,
  origin: null,
});
const diff: PlanObject["diff"] = [
  line("same", 1, 1, "spec:"),
  line("removed", 2, null, "  paused: true"),
  line("removed", 3, null, "  replicas: 5"),
  line("added", null, 2, "  replicas: 3"),
  line("same", 4, 3, "  revisionHistoryLimit: 7"),
];

test("a line is found in the row that shows it: alone, as the new side, as the old side of a pair", () => {
  const rows = rowsOf(diff);
  expect(rows.map(({ left, right }) => [left, right])).toEqual([
    ["spec:", "spec:"],
    ["  paused: true", "  replicas: 3"],
    ["  replicas: 5", undefined],
    ["  revisionHistoryLimit: 7", "  revisionHistoryLimit: 7"],
  ]);
  expect([0, 1, 2, 3, 4].map((index) => rowOf(rows, diff, index))).toEqual([0, 1, 2, 1, 3]);
  expect([rowOf(rows, diff, null), rowOf(rows, diff, 9)]).toEqual([-1, -1]);
});

test.each([
  ["  replicas: 5", "3", "  replicas: 3"],
  ['    - "a.b/c: d": x', "y: z", '    - "a.b/c: d": y: z'],
  ["  - plain", "x", null],
  ["  replicas: 5", null, null],
])("what is left to its owner stands beside what is not sent: %s", (left, ours, right) => {
  expect(keptRow({ kind: "same", left, right: left }, ours)).toEqual(
    right === null ? null : { kind: "kept", left, right },
  );
});

test("an element's name has nothing that a selector trips over", () => {
  expect(conflictId("one/ns/Deployment/a.b", 2)).toBe("conflict-one-ns-Deployment-a-b-2");
});
