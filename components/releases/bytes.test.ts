import { expect, test } from "vitest";
import { formatBytes } from "./bytes.ts";

test("sizes have a unit that fits and one decimal at most", () => {
  expect([0, 999, 1000, 84_300_000, 1_240_000_000, 12_400_000_000].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "1.0 KB",
    "84 MB",
    "1.2 GB",
    "12 GB",
  ]);
});
