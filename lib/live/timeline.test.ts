import { expect, test } from "vitest";
import { lanesOf, type RanDeployment } from "./timeline.ts";

const day = (day: number, hour = 0) => new Date(Date.UTC(2026, 10, day, hour));
const iso = (...at: Parameters<typeof day>) => day(...at).toISOString();
const ran = (
  id: string,
  on: number,
  components: Record<string, string>,
  more: Partial<RanDeployment> = {},
): RanDeployment => ({
  id,
  state: "succeeded",
  startedAt: day(on),
  endedAt: day(on, 1),
  touched: true,
  components: Object.entries(components).map(([component, release]) => ({ component, release })),
  ...more,
});

test("each component runs what its newest success brought; the same story is one lane", () => {
  const lanes = lanesOf(
    [
      ran("c", 8, { api: "R3" }),
      ran("a", 2, { api: "R1", web: "R1", store: "R1" }),
      ran("b", 5, { web: "R2", store: "R2" }),
    ],
    day(1),
  );
  const first = { deployment: "a", release: "R1", from: iso(2, 1), unsureFrom: null };
  expect(lanes).toEqual([
    {
      components: ["api"],
      spans: [
        { ...first, to: iso(8, 1) },
        { deployment: "c", release: "R3", from: iso(8, 1), to: null, unsureFrom: null },
      ],
      attempts: [],
    },
    {
      components: ["store", "web"],
      spans: [
        { ...first, to: iso(5, 1) },
        { deployment: "b", release: "R2", from: iso(5, 1), to: null, unsureFrom: null },
      ],
      attempts: [],
    },
  ]);
});

test("from a deployment on that wrote and did not succeed, what runs is not sure until the next success", () => {
  // It is closed when its rollback has succeeded, or a little later.
  const failed = ran("b", 3, { api: "R2" }, { state: "rolled_back", endedAt: day(4, 2) });
  const back = ran("c", 4, { api: "R1" });
  const [lane] = lanesOf([ran("a", 2, { api: "R1" }), failed, back], day(1));
  expect(lane?.spans).toEqual([
    { deployment: "a", release: "R1", from: iso(2, 1), to: iso(4, 1), unsureFrom: iso(3) },
    { deployment: "c", release: "R1", from: iso(4, 1), to: null, unsureFrom: null },
  ]);
  expect(lane?.attempts).toEqual([
    { deployment: "b", release: "R2", at: iso(3), to: iso(4, 2), touched: true },
  ]);
});

test("one that wrote nothing leaves no doubt", () => {
  const [lane] = lanesOf(
    [ran("a", 2, { api: "R1" }), ran("b", 3, { api: "R2" }, { state: "failed", touched: false })],
    day(1),
  );
  expect(lane?.spans).toMatchObject([{ deployment: "a", to: null, unsureFrom: null }]);
  expect(lane?.attempts).toMatchObject([{ deployment: "b", touched: false }]);
});

test("one under way has no end; a first one that fails leaves a lane without anything running", () => {
  const [lane] = lanesOf([ran("a", 2, { api: "R1" }, { state: "rolling_out", endedAt: null })], day(1));
  expect(lane).toEqual({
    components: ["api"],
    spans: [],
    attempts: [{ deployment: "a", release: "R1", at: iso(2), to: null, touched: true }],
  });
});

test("what was over before the range is left out, what ran into it is there from its own beginning", () => {
  const lanes = lanesOf(
    [
      ran("a", 2, { api: "R1", gone: "R1" }),
      ran("b", 3, { api: "R2" }, { state: "failed", touched: false }),
      ran("c", 4, { api: "R3" }),
    ],
    day(10),
  );
  expect(lanes.map(({ components }) => components)).toEqual([["api"], ["gone"]]);
  expect(lanes[0]?.spans).toMatchObject([{ deployment: "c", from: iso(4, 1) }]);
  expect(lanes[0]?.attempts).toEqual([]);
});
