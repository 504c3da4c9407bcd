import { expect, test } from "vitest";
import { treeOf } from "./tree.ts";

const shape = (bases: { key: string; parent: string | null }[]) =>
  treeOf(bases).map(({ base, depth }) => `${"-".repeat(depth)}${base.key}`);

test("what is built on a base stands below it, one step in", () => {
  expect(
    shape([
      { key: "alpine", parent: null },
      { key: "debian", parent: null },
      { key: "node", parent: "debian" },
      { key: "node-web", parent: "node" },
      { key: "python", parent: "debian" },
    ]),
  ).toEqual(["alpine", "debian", "-node", "--node-web", "-python"]);
});

test("a parent that is not in the list leaves its children at the top", () => {
  expect(shape([{ key: "node", parent: "gone" }])).toEqual(["node"]);
  expect(shape([])).toEqual([]);
});
