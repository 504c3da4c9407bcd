import { expect, test } from "vitest";
import { hashOfRange, rangeOfHash, rangeTo } from "./line-range.ts";

test("an address names a line or several, in any order", () => {
  expect(rangeOfHash("#L12")).toEqual({ from: 12, to: 12 });
  expect(rangeOfHash("#L12-20")).toEqual({ from: 12, to: 20 });
  expect(rangeOfHash("#L20-L12")).toEqual({ from: 12, to: 20 });
  for (const none of ["", "#L0", "#L1-", "#Lx", "#L1-2-3", "#content"]) expect(rangeOfHash(none)).toBeNull();
  for (const hash of ["#L7", "#L7-9"])
    expect(hashOfRange(rangeOfHash(hash) ?? { from: 0, to: 0 })).toBe(hash);
});

test("the shift key goes on from what was picked", () => {
  expect(rangeTo(null, 5, true)).toEqual({ from: 5, to: 5 });
  expect(rangeTo({ from: 5, to: 5 }, 9, true)).toEqual({ from: 5, to: 9 });
  expect(rangeTo({ from: 5, to: 9 }, 2, true)).toEqual({ from: 2, to: 9 });
  expect(rangeTo({ from: 5, to: 9 }, 7, true)).toEqual({ from: 5, to: 7 });
  expect(rangeTo({ from: 5, to: 9 }, 7, false)).toEqual({ from: 7, to: 7 });
});
