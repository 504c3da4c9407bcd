import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { computePlan } from "#lib/plans/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { finishFailed } from "./finish.ts";
import { getDeployment } from "./queries.ts";
import { handleDeploymentJob, unfinishedDeployments } from "./reconcile.ts";
import { retryDeployment } from "./retry.ts";
import { loadRun } from "./run.ts";
import { startDeployment } from "./service.ts";
import { workUntilDone } from "./testing/run.ts";
import { makeWorld, type World } from "./testing/world.ts";

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld();
  await db.environment.update({ where: { key: "FAT" }, data: { onFailure: "rollback" } });
});
afterAll(() => world?.close());
const { signal } = new AbortController();
let count = 0;
let number: string;
beforeEach(() => {
  count += 1;
  number = `R-${count}`;
});

async function start(input: { crashes?: boolean } = {}): Promise<string> {
  await world.release(number, input);
  const ops = await world.actor("ops");
  const { digest } = await computePlan({ actor: ops, release: number, environment: "FAT" });
  return (await startDeployment({ actor: ops, planDigest: digest })).id;
}
const version = async () => {
  const key = { apiVersion: "apps/v1", kind: "Deployment", name: "api", namespace: "shop-fat" };
  return (await world.cluster().get(key))?.metadata.labels?.["app.kubernetes.io/version"];
};
const stageOf = async (release: string) =>
  (await db.stage.findFirstOrThrow({ where: { release: { number: release }, environmentId: world.fat.id } }))
    .state;

describe("an environment that undoes what fails", () => {
  test("with nothing to go back to, it says so on the failed deployment, once", async () => {
    const id = await start({ crashes: true });
    await workUntilDone(id);
    const failed = await getDeployment(await world.actor("ops"), id);
    expect([failed.state, failed.cause?.rollback]).toMatchObject([
      "failed",
      { state: "refused", blockers: [{ code: "NOTHING_TO_RESTORE" }] },
    ]);
    expect(await db.targetLock.count()).toBe(0);
    expect(await unfinishedDeployments()).toEqual([]);
    const told = await db.auditEntry.findFirst({ where: { action: "deployment.rollback_refuse" } });
    expect(told).toMatchObject({ subjectId: id, actorName: "system", actorId: null });
  });

  test("else it restores what ran, without rights and without a person, and stays undone", async () => {
    await workUntilDone(await start());
    expect(await version()).toBe("R-2");
    number = "R-2-bad";
    await world.release(number, { crashes: true });
    const ops = await world.actor("ops");
    const planned = async () =>
      (await computePlan({ actor: ops, release: number, environment: "FAT" })).digest;
    // Two plans of one release order: the first for later, the second at once.
    const later = await startDeployment({
      actor: ops,
      planDigest: await planned(),
      scheduledAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const greet = (variables: Record<string, string>) =>
      db.componentConfig.updateMany({ where: { environmentId: world.fat.id }, data: { variables } });
    await greet({ GREETING: "bye" });
    const { id } = await startDeployment({ actor: ops, planDigest: await planned() });
    await greet({ GREETING: "hello" });
    await db.membership.deleteMany({ where: { userId: world.people.ops } });
    // The gate of the turn has been passed already.
    await db.deployment.update({ where: { id }, data: { state: "applying", startedAt: new Date() } });
    await workUntilDone(id);
    const rollback = await db.deployment.findUniqueOrThrow({ where: { automaticFor: id } });
    expect(rollback).toMatchObject({ kind: "rollback", createdById: world.people.ops });
    await workUntilDone(rollback.id);
    await db.membership.create({
      data: { projectId: world.projectId, userId: world.people.ops, role: "ops" },
    });
    const failed = await getDeployment(ops, id);
    expect([failed.state, failed.cause?.rollback?.state]).toEqual(["rolled_back", "started"]);
    expect(failed.undoneBy).toMatchObject({ id: rollback.id, state: "succeeded", release: "R-2" });
    expect((await getDeployment(ops, rollback.id)).undoes).toMatchObject({ id, state: "rolled_back" });
    expect([await version(), await stageOf(number)]).toEqual(["R-2", "rolled_back"]);
    const entries = await db.auditEntry.findMany({
      where: { subjectId: rollback.id, action: "deployment.start" },
    });
    expect(entries).toMatchObject([{ actorId: null, actorName: "system", data: { automaticFor: id } }]);
    const { plan } = await db.deployment.findUniqueOrThrow({
      where: { id: rollback.id },
      select: { plan: { select: { digest: true } } },
    });
    const computed = { subjectId: plan.digest, action: "plan.compute" };
    expect(await db.auditEntry.findMany({ where: computed })).toMatchObject([
      { actorId: null, actorName: "system" },
    ]);
    // What was rolled back does not come back by itself.
    const due = new Date(Date.now() - 1000);
    await db.deployment.update({ where: { id: later.id }, data: { scheduledAt: due } });
    await workUntilDone(later.id);
    expect(await getDeployment(ops, later.id)).toMatchObject({
      state: "cancelled",
      cause: { code: expect.stringMatching(/STAGE_NOT_DEPLOYABLE|ROLLED_BACK_SINCE/) },
    });
    expect(await version()).toBe("R-2");
  });

  test("once, also when the worker dies between the failure and the rollback", async () => {
    await workUntilDone(await start());
    number = "R-3-bad";
    const id = await start({ crashes: true });
    for (let look = 0; look < 5; look += 1) await handleDeploymentJob(id, signal);
    // What a worker had done when it died: the failure is on record, with the locks held for the rollback.
    await finishFailed(await loadRun(id), { code: "CRASH", message: "it crashes" });
    expect([await unfinishedDeployments(), await db.targetLock.count()]).toEqual([[id], 1]);
    expect(await db.deployment.count({ where: { automaticFor: id } })).toBe(0);
    // Two workers find it at the same time, then one more.
    await Promise.all([handleDeploymentJob(id, signal), handleDeploymentJob(id, signal)]);
    expect(await handleDeploymentJob(id, signal)).toBeNull();
    const made = await db.deployment.findMany({ where: { automaticFor: id } });
    expect(made).toHaveLength(1);
    expect(await unfinishedDeployments()).toEqual(made.map((one) => one.id));
    await workUntilDone(made[0]?.id ?? "");
    expect([await version(), await stageOf(number)]).toEqual(["R-3", "rolled_back"]);
  });

  test("no rollback of a rollback, and none a second time", async () => {
    await workUntilDone(await start());
    number = "R-4-bad";
    const id = await start({ crashes: true });
    await workUntilDone(id);
    const { id: rollback } = await db.deployment.findUniqueOrThrow({ where: { automaticFor: id } });
    const key = "cluster-1";
    const { credentialEncrypted } = await db.cluster.findUniqueOrThrow({ where: { key } });
    await db.cluster.update({ where: { key }, data: { credentialEncrypted: null } });
    await workUntilDone(rollback);
    await db.cluster.update({ where: { key }, data: { credentialEncrypted } });
    const ops = await world.actor("ops");
    const undone = await getDeployment(ops, rollback);
    expect([undone.state, undone.cause?.rollback]).toEqual(["failed", undefined]);
    expect((await getDeployment(ops, id)).state).toBe("failed");
    await retryDeployment({ actor: ops, id });
    await workUntilDone(id);
    const again = await getDeployment(ops, id);
    expect([again.state, again.attempt, again.cause?.rollback]).toMatchObject([
      "failed",
      2,
      { state: "refused", blockers: [{ code: "ROLLBACK_TRIED" }] },
    ]);
    expect(await db.deployment.count({ where: { automaticFor: { not: null } } })).toBe(3);
  });
});
