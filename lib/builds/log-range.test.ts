import { expect, test } from "vitest";
import { rangeOf } from "./log-range.ts";

test.each([
  [null, null],
  ["bytes=0-", { from: 0, to: 100 }],
  ["bytes=10-19", { from: 10, to: 20 }],
  ["bytes=90-500", { from: 90, to: 100 }],
  ["bytes=99-99", { from: 99, to: 100 }],
  ["bytes=-10", { from: 90, to: 100 }],
  ["bytes=-1000", { from: 0, to: 100 }],
  ["bytes=100-", "outside"],
  ["bytes=-0", "outside"],
  // Not understood, or of no use: the whole.
  ["bytes=20-10", null],
  ["bytes=0-1,5-6", null],
  ["lines=0-1", null],
  ["bytes=-", null],
])("Range %s of 100 bytes", (header, part) => {
  expect(rangeOf(header, 100)).toEqual(part);
});

test("an empty log has no part", () => {
  expect(rangeOf("bytes=0-", 0)).toBe("outside");
  expect(rangeOf(null, 0)).toBeNull();
});
