import { expect, test } from "vitest";
import { buildTimes, progress, usualMark } from "./build-times.ts";

const build = (startedAt: string | null, endedAt: string | null, state: string, usualMs: number | null) => ({
  build: {
    id: "b",
    state,
    attempt: 1,
    createdAt: "2026-11-20T09:00:00Z",
    startedAt,
    endedAt,
    usualMs,
    etaMs: null,
    overdueMs: null,
    queueWhy: null,
    queueReason: null,
    queueAhead: null,
  },
});

test("the builds of a release order count from the first start to the last end", () => {
  const items = [
    build("2026-11-20T10:02:10Z", "2026-11-20T10:04:00Z", "succeeded", 100_000),
    build("2026-11-20T10:02:00Z", "2026-11-20T10:06:12Z", "succeeded", 240_000),
  ];
  expect(buildTimes(items)).toEqual({ since: "2026-11-20T10:02:00Z", seconds: 252, usual: 240 });
});

test("while one runs there is no length yet, and before the first start nothing at all", () => {
  const running = [build("2026-11-20T10:02:00Z", null, "running", null), build(null, null, "queued", null)];
  expect(buildTimes(running)).toEqual({ since: "2026-11-20T10:02:00Z", seconds: null, usual: undefined });
  expect(buildTimes([build(null, null, "queued", 1000), { build: null }])).toBeUndefined();
});

test("a build that takes longer than usual never looks finished", () => {
  expect(progress(30_000, 60_000)).toBeCloseTo(30 / 69);
  expect(progress(600_000, 60_000)).toBeLessThan(1);
  expect(usualMark(600_000, 60_000)).toBeLessThan(0.2);
  expect(usualMark(1000, null)).toBeUndefined();
});
