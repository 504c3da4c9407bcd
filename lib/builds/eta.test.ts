import { expect, test } from "vitest";
import { etaOf, etaOfAll, roundedEta } from "./eta.ts";

const now = new Date("2026-11-20T10:00:00Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
const running = (seconds: number, usualMs: number | null) => ({
  state: "running",
  startedAt: ago(seconds),
  endedAt: null,
  usualMs,
});
const NONE = { etaMs: null, overdueMs: null };

test("what is left of the usual time, and how much it is over", () => {
  expect(etaOf(running(60, 150_000), now)).toEqual({ etaMs: 90_000, overdueMs: null });
  expect(etaOf(running(200, 150_000), now)).toEqual({ etaMs: null, overdueMs: 50_000 });
  expect(etaOf(running(150, 150_000), now)).toEqual({ etaMs: null, overdueMs: 0 });
});

test("nothing is said of what waits, is over, or has nothing to go by", () => {
  expect(etaOf({ startedAt: null, endedAt: null, usualMs: 1000 }, now)).toEqual(NONE);
  expect(etaOf({ startedAt: ago(9), endedAt: ago(1), usualMs: 1000 }, now)).toEqual(NONE);
  expect(etaOf(running(5, null), now)).toEqual(NONE);
  expect(etaOf(running(5, 0), now)).toEqual(NONE);
});

test("a build server's clock that is ahead makes nothing longer than usual", () => {
  expect(etaOf(running(-30, 60_000), now)).toEqual({ etaMs: 60_000, overdueMs: null });
});

test("several are over when the last one is; one that waits leaves it open", () => {
  const ended = { state: "succeeded", startedAt: ago(900), endedAt: ago(800), usualMs: 9 };
  expect(etaOfAll([running(10, 60_000), running(10, 30_000), ended], now).etaMs).toBe(50_000);
  expect(etaOfAll([running(90, 60_000), running(10, 30_000)], now).etaMs).toBe(20_000);
  expect(etaOfAll([running(90, 60_000), running(70, 60_000)], now).overdueMs).toBe(30_000);
  const waits = { state: "queued", startedAt: null, endedAt: null, usualMs: 60_000 };
  expect(etaOfAll([running(10, 60_000), waits], now)).toEqual(NONE);
  expect(etaOfAll([ended], now)).toEqual(NONE);
});

test("times are said as roughly as they are known", () => {
  expect([3_000, 12_000, 61_000, 100_000, 101_000, 200_000].map(roundedEta)).toEqual([
    0, 20, 70, 100, 120, 240,
  ]);
});
