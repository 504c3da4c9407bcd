import { expect, test } from "vitest";
import { startVariables, toVariables, variableChanges } from "./variables-model.ts";

const updatedAt = "2026-11-20T00:00:00.000Z";
const rows = startVariables([
  { name: "LEVEL", secret: false, value: "info", version: 1, updatedAt },
  { name: "TOKEN", secret: true, value: null, version: 2, updatedAt },
]);

test("as saved there is no change, and a secret keeps its stored value", () => {
  expect(variableChanges(rows)).toBe(0);
  expect(toVariables(rows)).toEqual([
    { name: "LEVEL", secret: false, value: "info" },
    { name: "TOKEN", secret: true },
  ]);
});

test("typed, removed and added rows count; an added and removed one does not", () => {
  const [level, token] = rows;
  if (!level || !token) throw new Error("two rows");
  const added = { name: "NEW", secret: false, value: "", saved: null, removed: false };
  const draft = [{ ...level, removed: true }, { ...token, value: "x" }, added, { ...added, removed: true }];
  expect(variableChanges(draft)).toBe(3);
  expect(toVariables(draft)).toEqual([
    { name: "TOKEN", secret: true, value: "x" },
    { name: "NEW", secret: false, value: "" },
  ]);
});
