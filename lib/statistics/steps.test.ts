import { expect, test } from "vitest";
import type { ReleaseLife } from "./life.ts";
import { sumSteps } from "./steps.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 2, 1, minute));
/** Built at once, tested from its creation on where `tested` says so, ended at `end`. */
const life = (draft: number, built: number, end: number): ReleaseLife => ({
  createdAt: at(0),
  endedAt: at(end),
  items: 1,
  builds: [
    { item: "web", state: "succeeded", createdAt: at(draft), startedAt: at(draft), endedAt: at(built) },
  ],
  stages: [
    { environment: "FAT", approvalsRequired: 0, enteredAt: at(built), verdict: null, leftAt: null },
    { environment: "PROD", approvalsRequired: 0, enteredAt: null, verdict: null, leftAt: null },
  ],
  queued: [],
  freezes: [],
  plans: [],
  deployments: [],
});

test("nothing to sum up", () => {
  expect(sumSteps([], at(0))).toEqual({ medianSeconds: null, waitingShare: null, items: [] });
});

test("one life alone", () => {
  expect(sumSteps([life(0, 4, 4)], at(60))).toMatchObject({
    medianSeconds: 240,
    waitingShare: 0,
    items: [
      { kind: "building", environment: null, releases: 1, meanSeconds: 240, p95Seconds: 240, share: 1 },
    ],
  });
});

test("means add up to the mean lead time, percentiles are over those that had the step", () => {
  const { items, medianSeconds, waitingShare } = sumSteps(
    [life(0, 10, 10), life(10, 20, 30), life(0, 10, 40), life(0, 20, 20)],
    at(60),
  );
  expect(items.map(({ kind, environment, releases }) => [kind, environment, releases])).toEqual([
    ["draft", null, 1],
    ["building", null, 4],
    ["plan", "FAT", 2],
  ]);
  expect(items.map(({ meanSeconds }) => meanSeconds)).toEqual([150, 750, 600]);
  expect(items.map((item) => item.medianSeconds)).toEqual([600, 600, 1200]);
  expect(items[2]?.p95Seconds).toBeCloseTo(1740);
  expect(medianSeconds).toBe(1500);
  expect(waitingShare).toBeCloseTo(0.5);
  expect(items.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
});
