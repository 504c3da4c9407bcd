import { expect, test } from "vitest";
import { planInputsSchema, planManifestsSchema, planReviewSchema } from "#lib/plans/content.ts";
import { chanceFrom, idAt } from "./chance.ts";
import { historyOf } from "./history-release.ts";

const DAY = Date.UTC(2026, 10, 2);
const commit = { id: "c".repeat(40), subject: "s", author: { name: "w" } };
const order = {
  number: "20261102-clearing-001",
  title: "t",
  from: DAY,
  projectId: "p",
  buildServerId: "s",
  components: [
    { id: "a", repository: "r/a", seconds: 60, commit },
    { id: "b", repository: "r/b", seconds: 120, commit },
  ],
  environments: [
    { id: "fat", key: "FAT" },
    { id: "prod", key: "PROD" },
  ],
  people: { developer: "d", operator: "o", approver: "v" },
};
const time = (at: Date | string | null | undefined) => Number(new Date(at ?? 0));

test("the same seed tells the same history, and no row is before what it follows", () => {
  const chance = chanceFrom(7);
  expect(historyOf(order, chanceFrom(7))).toEqual(historyOf(order, chanceFrom(7)));
  const failures = { builds: 0, deployments: 0 };
  for (let index = 0; index < 200; index += 1) {
    const { release, items, builds, artifacts, stages, deployments, approvals } = historyOf(order, chance);
    expect(artifacts.map(({ itemId }) => itemId)).toEqual(items.map(({ id }) => id));
    for (const { buildId, createdAt } of artifacts) {
      const build = builds.find(({ id }) => id === buildId);
      expect([build?.state, build?.endedAt]).toEqual(["succeeded", createdAt]);
    }
    const built = Math.max(...builds.map(({ endedAt }) => time(endedAt)));
    const marks = [
      release.createdAt,
      ...stages.flatMap(({ enteredAt, verdictAt }) => [enteredAt, verdictAt]),
    ];
    const times = [time(marks[0]), built, ...marks.slice(1).map(time)];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(time(release.endedAt)).toBe(times.at(-1));
    // The open environment asks for no approval.
    expect(approvals).toHaveLength(1);
    failures.builds += builds.filter(({ state }) => state === "failed").length;
    failures.deployments += deployments.filter(({ state }) => state === "failed").length;
    expect(deployments.filter(({ state }) => state === "succeeded")).toHaveLength(2);
  }
  expect(Math.min(failures.builds, failures.deployments)).toBeGreaterThan(5);
});

test("a plan of the past reads as every plan does", () => {
  const { plans } = historyOf(order, chanceFrom(7));
  expect(plans).toHaveLength(2);
  for (const { inputs, manifests, review } of plans) {
    expect(planInputsSchema.parse(inputs).release).toBe(order.number);
    expect(planManifestsSchema.parse(manifests).targets).toEqual([]);
    expect(planReviewSchema.parse(review).blockers).toEqual([]);
  }
});

test("ids of the past sort by their time", () => {
  const chance = chanceFrom(1);
  const ids = [DAY, DAY + 1, DAY + 86_400_000].map((at) => idAt(at, chance));
  expect(ids).toEqual(ids.toSorted());
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});
