import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "#lib/access/actor.ts";
import { makeBuilt, makeTesting } from "#lib/builds/testing/built.ts";
import { makeWorld, type World } from "#lib/builds/testing/world.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { abandonRelease } from "#lib/releases/abandon.ts";
import { getRelease } from "#lib/releases/queries.ts";
import { createRelease } from "#lib/releases/service.ts";
import { getReservation } from "#lib/reservations/queries.ts";
import { freeEnvironment, freeLapsed, holdEnvironment } from "#lib/reservations/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { enterStage } from "./enter.ts";
import { moveStage } from "./move.ts";
import { leaveStage, verdict } from "./service.ts";

await testDatabase();
let world: World;
let tester: Actor;
beforeAll(async () => {
  world = await makeWorld();
  tester = await world.actor("tester");
});
afterAll(() => world.close());

async function built(...components: string[]): Promise<string> {
  const { number } = await createRelease({
    actor: await world.actor("dev"),
    project: "quotes",
    title: "t",
    description: "",
    items: (components.length > 0 ? components : ["quote-api"]).map((component) => ({
      component,
      ref: "main",
    })),
    build: false,
  });
  await makeBuilt(number);
  return number;
}
const enter = (release: string, environment = "FAT", actor = tester) =>
  enterStage({ actor, release, environment });
const judge = (release: string, environment: string, word: "pass" | "reject", comment = "") =>
  verdict({ actor: tester, release, environment, verdict: word, comment });
async function pass(release: string, environment: string): Promise<void> {
  await enter(release, environment);
  await makeTesting(release, environment);
  await judge(release, environment, "pass");
}
const stateOf = async (number: string, environment: string) =>
  (await getRelease(tester, number)).stages.find((stage) => stage.environment === environment)?.state;
const reservation = (environment = "FAT") => getReservation(tester, "quotes", environment);
async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

test("every blocker at once, and the role first", async () => {
  const { number } = await createRelease({
    actor: await world.actor("dev"),
    project: "quotes",
    title: "t",
    description: "",
    items: [{ component: "quote-api", ref: "main" }],
    build: false,
  });
  expect((await refusal(enter(number, "PROD"))).blockers.map(({ code }) => code)).toEqual([
    "RELEASE_NOT_BUILT",
    "PREVIOUS_NOT_PASSED",
  ]);
  for (const name of ["dev", "ops"] as const) {
    expect((await refusal(enter(number, "FAT", await world.actor(name)))).code).toBe("FORBIDDEN");
  }
  expect((await refusal(enter(number, "FAT", await world.actor("stranger")))).code).toBe("NOT_FOUND");
  expect((await refusal(enter(number, "NOWHERE"))).code).toBe("NOT_FOUND");
});

test("a held environment queues the next, who is told when it is free and enters with one click", async () => {
  const [first, second, third] = [await built(), await built(), await built()];
  expect(await enter(first)).toEqual({
    release: first,
    environment: "FAT",
    state: "entered",
    queued: false,
    position: null,
  });
  const tester2 = await world.actor("tester2");
  expect(await enter(second, "FAT", tester2)).toMatchObject({ state: "waiting", queued: true, position: 1 });
  expect(await enter(third)).toMatchObject({ queued: true, position: 2 });
  // Asking again keeps the place.
  expect(await enter(second, "FAT", tester2)).toMatchObject({ queued: true, position: 1 });
  expect(await reservation()).toMatchObject({
    holder: { release: first, heldBy: { username: "tester" } },
    queue: [
      { release: second, position: 1, calledAt: null, requestedBy: { username: "tester2" } },
      { release: third, position: 2 },
    ],
  });
  const shown = await getRelease(tester, second);
  expect(shown.stages[0]).toMatchObject({ queuePosition: 1, queueLength: 2, enterQueues: true });
  expect(shown.next[0]).toMatchObject({ code: "WAIT_TURN", facts: { release: first, position: 1 } });

  await makeTesting(first, "FAT");
  await judge(first, "FAT", "reject", "quotes are late");
  expect(await stateOf(first, "FAT")).toBe("rejected");
  const told = await db.event.findMany({ where: { topic: "user:tester2" } });
  expect(told).toMatchObject([{ type: "queue.called", data: { release: second, environment: "FAT" } }]);
  expect((await reservation()).queue[0]?.calledAt).not.toBeNull();
  // Whoever waits longer goes first, also before one that is quicker to click.
  expect(await enter(third)).toMatchObject({ queued: true, position: 2 });
  expect(await enter(second, "FAT", tester2)).toMatchObject({ state: "entered", queued: false });
  await leaveStage({ actor: tester, release: second, environment: "FAT" });
  expect(await stateOf(second, "FAT")).toBe("superseded");
  expect(await enter(third)).toMatchObject({ state: "entered" });
  await leaveStage({ actor: tester, release: third, environment: "FAT" });
  expect(await reservation()).toMatchObject({ holder: null, queue: [] });
});

test("two releases that enter at once: one enters, the other queues", async () => {
  const numbers = [await built(), await built()];
  const answers = await Promise.all(numbers.map((number) => enter(number)));
  expect(answers.map(({ queued }) => queued).sort()).toEqual([false, true]);
  expect(await db.reservation.count({ where: { releasedAt: null } })).toBe(1);
  const actor = await world.actor("dev");
  for (const number of numbers) await abandonRelease({ actor, number });
  expect(await reservation()).toMatchObject({ holder: null, queue: [] });
});

test("many people at once, in two environments: everyone gets an answer and one release holds each", async () => {
  const numbers = await Promise.all(Array.from({ length: 6 }, () => built()));
  const actor = await world.actor("dev");
  await Promise.all(
    numbers.slice(0, 3).map((number) =>
      db.stage.updateMany({
        where: { release: { number }, environment: { key: "FAT" } },
        data: { state: "passed", version: { increment: 1 } },
      }),
    ),
  );
  const answers = await Promise.all([
    ...numbers.slice(0, 3).map((number) => enter(number, "STAGING")),
    ...numbers.slice(3).map((number) => enter(number, "FAT")),
  ]);
  expect(answers.filter(({ queued }) => !queued)).toHaveLength(2);
  expect(await db.reservation.count({ where: { releasedAt: null } })).toBe(2);
  await Promise.all(numbers.map((number) => abandonRelease({ actor, number })));
  expect(await db.reservation.count({ where: { releasedAt: null } })).toBe(0);
  expect(await db.queueEntry.count({ where: { endedAt: null } })).toBe(0);
});

test("two clicks on the same verdict: one counts", async () => {
  const number = await built();
  await enter(number);
  await makeTesting(number, "FAT");
  const clicks = await Promise.allSettled([
    judge(number, "FAT", "pass"),
    judge(number, "FAT", "reject", "no"),
  ]);
  expect(clicks.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await db.auditEntry.count({ where: { subject: "stage", subjectId: `${number}/FAT` } })).toBe(2);
  await abandonRelease({ actor: await world.actor("dev"), number });
});

test("the whole path: the last pass releases it, and a newer one supersedes the older ones it replaces", async () => {
  const older = await built();
  const wider = await built("quote-api", "portal-web");
  await pass(older, "FAT");
  await pass(wider, "FAT");
  // The wider one brought everything that the older one had.
  expect(await stateOf(older, "FAT")).toBe("superseded");
  const newer = await built();
  for (const environment of ["FAT", "STAGING"]) await pass(newer, environment);
  expect((await getRelease(tester, newer)).state).toBe("built");
  await pass(newer, "PROD");
  // It does not replace the other's portal.
  expect(await stateOf(wider, "FAT")).toBe("passed");
  const done = await getRelease(tester, newer);
  expect(done).toMatchObject({ state: "released", next: [] });
  expect(done.endedAt).not.toBeNull();
  expect(done.stages.map(({ verdictBy }) => verdictBy?.username)).toEqual(["tester", "tester", "tester"]);
  expect((await refusal(enter(older, "STAGING"))).blockers).toMatchObject([
    { code: "PREVIOUS_NOT_PASSED", facts: { state: "superseded" } },
  ]);
});

test("only the holder or an owner frees an environment; a deployment keeps it", async () => {
  const number = await built();
  await enter(number);
  const input = { project: "quotes", environment: "FAT" };
  const tester2 = await world.actor("tester2");
  expect((await refusal(freeEnvironment({ actor: tester2, ...input }))).blockers).toMatchObject([
    { code: "HELD_BY_OTHER", liftedBy: ["tester", "owner"] },
  ]);
  const stage = await db.stage.findFirstOrThrow({
    where: { release: { number }, environment: { key: "FAT" } },
  });
  await db.$transaction((tx) =>
    moveStage(tx, {
      stageId: stage.id,
      version: stage.version,
      from: "entered",
      to: "deploying",
      actor: null,
    }),
  );
  expect((await refusal(freeEnvironment({ actor: tester, ...input }))).blockers).toMatchObject([
    { code: "DEPLOYMENT_OPEN" },
  ]);
  await db.$transaction((tx) =>
    moveStage(tx, {
      stageId: stage.id,
      version: stage.version + 1,
      from: "deploying",
      to: "entered",
      actor: null,
    }),
  );
  // A cancelled deployment does not forget who entered.
  expect((await getRelease(tester, number)).stages[0]?.enteredBy?.username).toBe("tester");
  expect(await freeEnvironment({ actor: await world.actor("owner"), ...input })).toMatchObject({
    holder: null,
  });
  await abandonRelease({ actor: await world.actor("dev"), number });
});

test("an environment held until a time is free after it, and the next is told", async () => {
  const [holder, next] = [await built(), await built()];
  const input = { actor: tester, project: "quotes", environment: "FAT" };
  const past = new Date(Date.now() - 60_000).toISOString();
  expect((await refusal(holdEnvironment({ ...input, release: holder, until: past }))).code).toBe(
    "INVALID_INPUT",
  );
  const until = new Date(Date.now() + 3_600_000).toISOString();
  expect(await holdEnvironment({ ...input, release: holder, until })).toMatchObject({
    holder: { release: holder, until },
  });
  expect((await refusal(holdEnvironment({ ...input, release: next }))).blockers).toMatchObject([
    { code: "ENVIRONMENT_HELD", facts: { release: holder } },
  ]);
  expect(await enter(next)).toMatchObject({ queued: true, position: 1 });
  expect(await freeLapsed()).toBe(0);
  await db.reservation.updateMany({ where: { releasedAt: null }, data: { until: new Date(past) } });
  expect((await reservation()).holder).toBeNull();
  expect(await freeLapsed()).toBe(1);
  expect((await reservation()).queue[0]?.calledAt).not.toBeNull();
  // Who does not want to wait any longer leaves the queue.
  expect(await freeEnvironment({ ...input, release: next })).toMatchObject({ queue: [] });
  expect((await refusal(freeEnvironment({ ...input, release: next }))).code).toBe("CONFLICT");
});

test("an open deployment keeps a release from being abandoned", async () => {
  const number = await built();
  const row = await db.release.findUniqueOrThrow({ where: { number } });
  const environment = await db.environment.findUniqueOrThrow({ where: { key: "FAT" } });
  const names = {
    projectId: row.projectId,
    environmentId: environment.id,
    releaseId: row.id,
    createdById: row.createdById,
  };
  const plan = await db.plan.create({
    data: { ...names, digest: "sha256:q", inputs: {}, manifests: {}, review: {} },
  });
  const deployment = await db.deployment.create({ data: { ...names, planId: plan.id, state: "scheduled" } });
  const actor = await world.actor("dev");
  expect((await refusal(abandonRelease({ actor, number }))).blockers).toMatchObject([
    { code: "DEPLOYMENT_OPEN", facts: { environment: "FAT", state: "scheduled" } },
  ]);
  expect((await getRelease(actor, number)).actions).toMatchObject([
    { action: "abandon", blockers: [{ code: "DEPLOYMENT_OPEN" }] },
  ]);
  await db.deployment.update({ where: { id: deployment.id }, data: { state: "cancelled" } });
  expect((await abandonRelease({ actor, number })).state).toBe("abandoned");
});

test("a move that the table does not have, or that lost a race, changes nothing", async () => {
  const number = await built();
  const stage = await db.stage.findFirstOrThrow({
    where: { release: { number }, environment: { key: "FAT" } },
  });
  const move = { stageId: stage.id, version: stage.version, from: "waiting" as const, actor: tester };
  expect((await refusal(db.$transaction((tx) => moveStage(tx, { ...move, to: "passed" })))).code).toBe(
    "INVALID_STATE",
  );
  const late = { ...move, version: stage.version + 1, to: "entered" as const };
  expect((await refusal(db.$transaction((tx) => moveStage(tx, late)))).code).toBe("VERSION_CONFLICT");
  expect(await stateOf(number, "FAT")).toBe("waiting");
});

test("nobody acts on a stage that moved since they looked, and is told what it is now", async () => {
  const number = await built();
  const seen = async () =>
    (await getRelease(tester, number)).stages.find(({ environment }) => environment === "FAT")?.version ?? 0;
  const version = await seen();
  const place = { actor: tester, release: number, environment: "FAT" };
  await enterStage({ ...place, version });
  const late = await refusal(enterStage({ ...place, version }));
  expect(late).toMatchObject({
    code: "VERSION_CONFLICT",
    blockers: [{ code: "STAGE_MOVED", facts: { environment: "FAT", state: "entered" } }],
  });
  await makeTesting(number, "FAT");
  const said = { ...place, verdict: "pass" as const, comment: "", version };
  expect((await refusal(verdict(said))).blockers).toMatchObject([{ facts: { state: "testing" } }]);
  expect((await refusal(leaveStage({ ...place, version }))).code).toBe("VERSION_CONFLICT");
  expect((await verdict({ ...said, version: await seen() })).state).toBe("passed");
});
