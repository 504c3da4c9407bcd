import { expect, test } from "vitest";
import { splitData, stableJson } from "./entry-data.ts";

test("keys stand in order, deep inside too", () => {
  expect(stableJson({ b: 1, a: [{ d: 1, c: 2 }] })).toBe(stableJson({ a: [{ c: 2, d: 1 }], b: 1 }));
  expect(stableJson(undefined)).toBe("");
});

test("of two records the fields that were set are compared, the rest is kept apart", () => {
  const { before, after, rest } = splitData({
    before: { name: "a", version: 3 },
    after: { name: "b" },
    reason: "why",
  });
  expect([before, after]).toEqual(['{\n  "name": "a"\n}', '{\n  "name": "b"\n}']);
  expect(rest).toEqual({ reason: "why" });
});

test("words and creations compare as they are", () => {
  expect(splitData({ before: "draft", after: "built" })).toEqual({
    before: '"draft"',
    after: '"built"',
    rest: {},
  });
  expect(splitData({ after: { name: "a" } }).before).toBe("");
  expect(splitData(["x"]).rest).toEqual({ data: ["x"] });
});
