import { expect, test } from "vitest";
import {
  daysFor,
  endingOf,
  itemsOf,
  latestOf,
  percentOf,
  type RanDeployment,
  type RanLane,
  ranAt,
  rangeOf,
  ticksOf,
} from "./what-ran-model.ts";

const iso = (day: number) => new Date(Date.UTC(2026, 10, day)).toISOString();
const range = { from: iso(1), to: iso(11) };
const lane: RanLane = {
  components: ["api"],
  spans: [
    { deployment: "a", release: "R1", from: iso(2), to: iso(4), unsureFrom: null },
    { deployment: "b", release: "R2", from: iso(4), to: iso(8), unsureFrom: iso(6) },
    { deployment: "d", release: "R1", from: iso(8), to: null, unsureFrom: null },
  ],
  attempts: [{ deployment: "c", release: "R3", at: iso(6), to: iso(7), touched: true }],
};
const deployment = (id: string, kind: string): RanDeployment => ({
  id,
  kind,
  state: "succeeded",
  automatic: false,
  release: "R1",
  title: "",
  by: { username: "ops", displayName: "Ops" },
  startedAt: iso(1),
  endedAt: iso(2),
});
const deployments = [deployment("d", "rollback"), deployment("b", "deploy"), deployment("a", "deploy")];

test("a time has its place on the bar, one outside is at its end", () => {
  expect([iso(1), iso(6), iso(11), iso(30)].map((at) => percentOf(at, range))).toEqual([0, 50, 100, 100]);
  expect(percentOf("2020-01-01T00:00:00.000Z", range)).toBe(0);
  expect(percentOf(iso(3), { from: iso(3), to: iso(3) })).toBe(0);
});

test("a bar begins a little before the first thing on record, and never before what was asked for", () => {
  const whole = { ...range, lanes: [lane] };
  expect(rangeOf({ ...whole, from: iso(3) })).toEqual({ from: iso(3), to: iso(11) });
  expect(rangeOf({ ...whole, from: "2020-01-01T00:00:00.000Z" })).toEqual({
    from: "2026-11-01T15:21:36.000Z",
    to: iso(11),
  });
  expect(rangeOf({ ...range, lanes: [] })).toEqual({ from: iso(11), to: iso(11) });
});

test("a lane is read in the order in which things began", () => {
  expect(itemsOf(lane).map(({ what, key }) => `${what} ${key}`)).toEqual([
    "span a",
    "span b",
    "attempt c",
    "span d",
  ]);
});

test("how each came to its end", () => {
  expect(itemsOf(lane).map((item) => endingOf(item, deployments))).toEqual([
    "replaced",
    "undone",
    "tried",
    "now",
  ]);
  const unsure = itemsOf({ ...lane, spans: lane.spans.slice(1, 2) });
  expect(unsure.map((item) => endingOf(item, deployments))).toEqual(["unsure", "tried"]);
});

test("what ran at a time: from its beginning on, until just before its end", () => {
  expect([iso(1), iso(2), iso(4), iso(10)].map((at) => ranAt(lane, at)?.key)).toEqual([
    undefined,
    "a",
    "b",
    "d",
  ]);
});

test("what runs now, else the last that was tried", () => {
  expect(latestOf(lane)?.key).toBe("d");
  expect(latestOf({ ...lane, spans: [] })?.key).toBe("c");
  expect(latestOf({ ...lane, spans: [], attempts: [] })).toBeNull();
});

test("the least range that holds a time", () => {
  const now = new Date(iso(11));
  expect(
    [iso(10), iso(4), iso(3), "2026-09-01T00:00:00Z", "2020-01-01T00:00:00Z"].map((at) => daysFor(at, now)),
  ).toEqual([7, 30, 30, 90, 366]);
});

test("four times along a bar", () => {
  expect(ticksOf(range).map(({ at, percent }) => [percent, at])).toEqual([
    [0, iso(1)],
    [25, "2026-11-03T12:00:00.000Z"],
    [50, iso(6)],
    [75, "2026-11-08T12:00:00.000Z"],
  ]);
});
