import { expect, test } from "vitest";
import { hasMoved, type Known, movedOf } from "./watch.ts";

const waits: Known = { id: "waits", state: "queued", queueId: 7, number: null };
const begun: Known = { id: "begun", state: "queued", queueId: 6, number: 3 };
const runs: Known = { id: "runs", state: "running", queueId: 5, number: 2 };
const unsent: Known = { id: "unsent", state: "queued", queueId: null, number: null };
const seen = (queue: number[] | null, builds: [number, boolean][] | null) => ({
  queue: queue && new Set(queue),
  builds: builds && new Map(builds),
});

test("what left the queue, what began and what ended has moved", () => {
  expect(hasMoved(waits, seen([7, 8], []))).toBe(false);
  expect(hasMoved(waits, seen([8], []))).toBe(true);
  expect(hasMoved(begun, seen([], [[3, true]]))).toBe(true);
  expect(hasMoved(runs, seen([], [[2, true]]))).toBe(false);
  expect(hasMoved(runs, seen([], [[2, false]]))).toBe(true);
});

test("what was not asked for, or is not among the newest builds, has not", () => {
  expect(hasMoved(waits, seen(null, [[3, true]]))).toBe(false);
  expect(hasMoved(runs, seen([], null))).toBe(false);
  expect(hasMoved(runs, seen([], [[900, true]]))).toBe(false);
  expect(hasMoved(unsent, seen([], []))).toBe(false);
});

test("one question, however many builds, and only for what is needed", async () => {
  const asked: unknown[] = [];
  const survey = async (wanted: { queue: boolean; builds: boolean }) => {
    asked.push(wanted);
    return seen(
      [],
      Array.from({ length: 50 }, (_, n) => [n, n !== 20]),
    );
  };
  const many = Array.from({ length: 50 }, (_, n): Known => ({ ...runs, id: String(n), number: n }));
  expect(await movedOf(many, { survey })).toEqual(["20"]);
  expect(await movedOf([waits], { survey })).toEqual(["waits"]);
  expect(await movedOf([unsent], { survey })).toEqual([]);
  expect(asked).toEqual([
    { queue: false, builds: true },
    { queue: true, builds: false },
  ]);
});
