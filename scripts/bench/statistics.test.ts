import { expect, test } from "vitest";
import { interleave, percentile, summarize } from "./statistics.ts";

test("percentiles lie between neighbours in proportion, whatever the order", () => {
  expect(percentile([3, 1, 2], 0.5)).toBe(2);
  expect(percentile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(percentile([10, 20], 0.95)).toBeCloseTo(19.5);
  expect(percentile([7], 0.95)).toBe(7);
  expect(() => percentile([], 0.5)).toThrow("no values");
});

test("a ratio is of a pair, and the null of the product against itself", () => {
  // The machine is three times slower in the second round: each pair's ratio is the same.
  const result = summarize("deploy", "ms", "", [
    { product: [20, 40], baseline: [10, 20] },
    { product: [60, 120], baseline: [30, 60] },
  ]);
  expect(result).toMatchObject({ pairs: 4, ratio_p50: 2, ratio_p95: 2, null_p50: 0.5 });
  expect(result.product_p50).toBe(50);
  expect(result.baseline_p50).toBe(25);
  expect(result.product_p95).toBe(111);
});

test("product and bare client take turns", async () => {
  const order: string[] = [];
  const run = (name: string, value: number) => async () => {
    order.push(name);
    return value;
  };
  const rounds = await interleave(2, run("A", 2), run("B", 1));
  expect(order.join("")).toBe("ABABABAB");
  expect(rounds).toEqual(Array(2).fill({ product: [2, 2], baseline: [1, 1] }));
});
