import { expect, test } from "vitest";
import { movedBy } from "./use-day-cursor.ts";

test("arrows go by days, pages by weeks, and none leaves the period", () => {
  expect(movedBy("ArrowLeft", 5, 30)).toBe(4);
  expect(movedBy("ArrowRight", 5, 30)).toBe(6);
  expect(movedBy("PageUp", 20, 30)).toBe(13);
  expect(movedBy("PageDown", 20, 30)).toBe(27);
  expect(movedBy("ArrowLeft", 0, 30)).toBe(0);
  expect(movedBy("PageDown", 28, 30)).toBe(29);
  expect(movedBy("Home", 12, 30)).toBe(0);
  expect(movedBy("End", 12, 30)).toBe(29);
});

test("without a cursor the last day comes first; Escape takes it away, other keys are the page's", () => {
  expect(movedBy("ArrowLeft", 30, 30)).toBe(29);
  expect(movedBy("ArrowRight", 30, 30)).toBe(29);
  expect(movedBy("Escape", 3, 30)).toBeNull();
  expect(movedBy("Tab", 3, 30)).toBeUndefined();
});
