import { expect, test } from "vitest";
import { GrowingList } from "./growing-list.ts";

test("rows keep their numbers while the list grows and loses its first ones", () => {
  const list = new GrowingList(2);
  for (let row = 0; row < 10_000; row += 1) {
    list.push(row * 3, row);
    if (row % 3 === 2) list.drop(1);
  }
  const gone = 3333;
  expect(list.length).toBe(10_000 - gone);
  for (const row of [0, 1, 500, 6666]) {
    expect(list.get(row)).toBe((row + gone) * 3);
    expect(list.get(row, 1)).toBe(row + gone);
  }
  expect(list.countBelow(gone * 3)).toBe(0);
  expect(list.countBelow(gone * 3 + 1)).toBe(1);
  expect(list.countBelow(1_000_000)).toBe(list.length);
});
