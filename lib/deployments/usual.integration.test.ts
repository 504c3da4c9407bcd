import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { computePlan } from "#lib/plans/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { getDeployment } from "./queries.ts";
import { startDeployment } from "./service.ts";
import { makeWorld, type World } from "./testing/world.ts";
import { usualTimes } from "./usual.ts";

await testDatabase();
let world: World;
let model: {
  projectId: string;
  environmentId: string;
  releaseId: string;
  planId: string;
  createdById: string;
};
let targetId: string;
beforeAll(async () => {
  world = await makeWorld();
  const ops = await world.actor("ops");
  await world.release("R-1");
  const { digest } = await computePlan({ actor: ops, release: "R-1", environment: "FAT" });
  const { id } = await startDeployment({ actor: ops, planDigest: digest });
  const row = await db.deployment.findUniqueOrThrow({ where: { id }, include: { targets: true } });
  const { projectId, environmentId, releaseId, planId, createdById } = row;
  model = { projectId, environmentId, releaseId, planId, createdById };
  targetId = row.targets[0]?.targetId ?? "";
});
afterAll(() => world?.close());

const begun = new Date("2026-11-01T10:00:00.000Z");
const after = (seconds: number) => new Date(begun.getTime() + seconds * 1000);
type StepRow = { name: string; seconds: number; input?: object; state?: string };
/** A deployment that took so long, with steps that took so long. */
async function past(seconds: number, steps: StepRow[], state = "succeeded"): Promise<void> {
  await db.deployment.create({
    data: {
      ...model,
      state,
      startedAt: begun,
      endedAt: after(seconds),
      targets: {
        create: {
          targetId,
          wave: 1,
          state,
          steps: {
            create: steps.map(({ name, seconds: took, input, state: ended = "succeeded" }, position) => ({
              name,
              position,
              state: ended,
              startedAt: begun,
              endedAt: after(took),
              ...(input ? { input } : {}),
            })),
          },
        },
      },
    },
  });
}
const BEFORE_ALL = "00000000-0000-7000-8000-000000000000";
const AFTER_ALL = "ffffffff-ffff-7fff-bfff-ffffffffffff";
const usual = (before = AFTER_ALL) =>
  usualTimes({ projectId: model.projectId, environmentId: model.environmentId, before });
const rollOut = { name: "roll_out", input: {} };
const half = { canaries: [{ component: "api", percent: 50, replicas: 2 }] };
const person = { wait: { kind: "person" as const } };

test("medians of the last twenty successful deployments, from three on", async () => {
  await past(100, [{ name: "roll_out", seconds: 40 }]);
  await past(300, [
    { name: "roll_out", seconds: 60 },
    { name: "canary", seconds: 9, input: half },
  ]);
  // One that failed tells nothing of what is usual.
  await past(9000, [{ name: "roll_out", seconds: 8000 }], "failed");
  expect((await usual()).wholeMs).toBeNull();
  expect((await usual()).ofStep(rollOut)).toBeNull();

  await past(200, [
    { name: "roll_out", seconds: 50 },
    { name: "roll_out", seconds: 7000, state: "failed" },
    { name: "wait", seconds: 600, input: person },
  ]);
  const three = await usual();
  expect([three.wholeMs, three.ofStep(rollOut)]).toEqual([200_000, 50_000]);
  // Seen once is not usual; the same name with another input is another step.
  expect(three.ofStep({ name: "canary", input: half })).toBeNull();

  for (const seconds of [10, 20])
    await past(seconds, [
      { name: "canary", seconds, input: half },
      { name: "wait", seconds: 600, input: person },
    ]);
  const five = await usual();
  expect(five.ofStep({ name: "canary", input: half })).toBe(10_000);
  expect(five.ofStep({ name: "canary", input: {} })).toBeNull();
  // A person takes the time that a person takes.
  expect(five.ofStep({ name: "wait", input: person })).toBeNull();

  for (let index = 0; index < 20; index += 1) await past(1000, [{ name: "roll_out", seconds: 500 }]);
  const twenty = await usual();
  expect([twenty.wholeMs, twenty.ofStep(rollOut)]).toEqual([1_000_000, 500_000]);
  expect(twenty.ofStep({ name: "canary", input: half })).toBeNull();
});

test("what came later, and other environments, are left out", async () => {
  expect((await usual(BEFORE_ALL)).wholeMs).toBeNull();
  const elsewhere = await usualTimes({ ...model, environmentId: randomUUID(), before: AFTER_ALL });
  expect([elsewhere.wholeMs, elsewhere.ofStep(rollOut)]).toEqual([null, null]);
});

test("the page of a deployment carries them on its steps", async () => {
  const ops = await world.actor("ops");
  const last = await db.deployment.findFirstOrThrow({ orderBy: { id: "desc" }, select: { id: true } });
  const { usualMs, targets } = await getDeployment(ops, last.id);
  expect(usualMs).toBe(1_000_000);
  expect(targets[0]?.steps.map((step) => [step.name, step.usualMs])).toEqual([["roll_out", 500_000]]);
});
