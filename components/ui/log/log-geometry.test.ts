import { expect, test } from "vitest";
import { heightOf, pageOf, pagesAround, placeAt, topOf } from "./log-geometry.ts";

test("a log of usual length is scrolled pixel by pixel", () => {
  const extent = { first: 100, end: 10_100, view: 600 };
  expect(heightOf(extent)).toBe(200_000);
  expect(topOf(extent, 100)).toBe(0);
  expect(topOf(extent, 1100)).toBeCloseTo(20_000);
  expect(placeAt(extent, 20_000)).toBe(1100);
  // Scrolled to its end, the last line is the last in sight.
  expect(placeAt(extent, 200_000 - 600)).toBe(10_100 - 30);
});

test("a log of millions of lines is scrolled at a smaller scale, and each place can be reached", () => {
  const extent = { first: 0, end: 5_000_000, view: 800 };
  expect(heightOf(extent)).toBe(8_000_000);
  for (const place of [0, 1, 777_777, 4_999_960]) {
    const top = topOf(extent, place);
    expect(top).toBeLessThanOrEqual(8_000_000 - 800);
    expect(Math.abs(placeAt(extent, top) - place)).toBeLessThanOrEqual(1);
  }
});

test("less than a screen of lines stands at the top", () => {
  const extent = { first: 0, end: 5, view: 600 };
  expect(topOf(extent, 3)).toBe(60);
  expect(placeAt(extent, 50)).toBe(0);
  expect(pagesAround(extent, 0)).toEqual({ from: 0, to: 0 });
  expect(pagesAround({ first: 0, end: 0, view: 600 }, 0)).toEqual({ from: 0, to: 0 });
});

test("pages around the top one stay inside of the log", () => {
  const extent = { first: 45, end: 1_000, view: 700 };
  expect(pagesAround(extent, pageOf(50))).toEqual({ from: 2, to: 7 });
  expect(pagesAround(extent, 25)).toEqual({ from: 22, to: 30 });
  expect(pagesAround(extent, 49)).toEqual({ from: 46, to: 49 });
});
