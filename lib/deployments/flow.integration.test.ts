import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { computePlan } from "#lib/plans/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { cancelDeployment } from "./cancel.ts";
import { continueDeployment, pauseDeployment } from "./pause.ts";
import { getDeployment } from "./queries.ts";
import { handleDeploymentJob } from "./reconcile.ts";
import { retryDeployment } from "./retry.ts";
import type { DeploymentDto } from "./schema.ts";
import { startDeployment } from "./service.ts";
import { skipTarget } from "./skip.ts";
import { workUntilDone } from "./testing/run.ts";
import { makeWorld, type World } from "./testing/world.ts";

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld({ clusters: 3 });
});
afterAll(() => world?.close());

const { signal } = new AbortController();
const POLICY = { waveGate: "auto", wavePauseSeconds: 0, maxFailedTargets: 0, onFailure: "stop" };
let count = 0;
let number: string;
beforeEach(async () => {
  count += 1;
  number = `R-${count}`;
  await policy({});
});
const policy = (change: Partial<typeof POLICY>) =>
  db.environment.update({ where: { key: "FAT" }, data: { ...POLICY, ...change } });

/** A release order that is being deployed to FAT: three clusters, three waves. */
async function deploy(): Promise<string> {
  await world.release(number);
  const ops = await world.actor("ops");
  const { digest } = await computePlan({ actor: ops, release: number, environment: "FAT" });
  return (await startDeployment({ actor: ops, planDigest: digest })).id;
}

/** Plays the worker until the deployment looks as asked. */
async function workUntil(id: string, seen: (one: DeploymentDto) => boolean): Promise<DeploymentDto> {
  const ops = await world.actor("ops");
  for (let look = 0; look < 200; look += 1) {
    const before = await getDeployment(ops, id);
    if (seen(before)) return before;
    await handleDeploymentJob(id, signal);
    await sleep(50);
  }
  throw new Error(`deployment ${id} never looked as asked`);
}

const states = ({ targets }: DeploymentDto) => targets.map(({ state }) => state);
const generation = async (index: number) => {
  const key = { apiVersion: "apps/v1", kind: "Deployment", name: "api", namespace: "shop-fat" };
  return (await world.cluster(index).get(key))?.metadata.generation;
};

/** The credential of a cluster is taken away, so that its target fails; answers how to give it back. */
async function lock(key: string): Promise<() => Promise<unknown>> {
  const { credentialEncrypted } = await db.cluster.findUniqueOrThrow({ where: { key } });
  await db.cluster.update({ where: { key }, data: { credentialEncrypted: null } });
  return () => db.cluster.update({ where: { key }, data: { credentialEncrypted } });
}

const auditOf = async (id: string) =>
  (await db.auditEntry.findMany({ where: { subjectId: id }, orderBy: { seq: "asc" } }))
    .filter(({ action }) => action !== "deployment.step")
    .map(({ action, actorName }) => `${action} ${actorName}`);

describe("a pause", () => {
  test("nothing begins until somebody continues, and asking twice changes nothing", async () => {
    const ops = await world.actor("ops");
    const id = await deploy();
    await expect(pauseDeployment({ actor: await world.actor("dev"), id })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    const paused = await pauseDeployment({ actor: ops, id });
    expect(paused).toMatchObject({ state: "queued", waiting: { kind: "paused" } });
    expect((await pauseDeployment({ actor: ops, id })).version).toBe(paused.version);
    expect(paused.actions.pause.blockers[0]?.code).toBe("ALREADY_PAUSED");
    expect(await handleDeploymentJob(id, signal)).toBeGreaterThan(0);
    expect((await getDeployment(ops, id)).state).toBe("queued");
    await continueDeployment({ actor: ops, id });
    await workUntil(id, ({ targets }) => targets[0]?.state === "rolling_out");
    await pauseDeployment({ actor: ops, id });
    const held = await workUntil(id, ({ targets }) =>
      (targets[0]?.steps ?? []).every(({ state }) => state !== "running"),
    );
    // The step at hand has ended; the next one has not begun.
    expect(held.targets[0]?.steps.map(({ state }) => state)).toEqual([
      "succeeded",
      "succeeded",
      "succeeded",
      "waiting",
    ]);
    expect(held.actions.continue.allowed).toBe(true);
    await continueDeployment({ actor: ops, id });
    expect((await continueDeployment({ actor: ops, id })).waiting).toBeNull();
    await workUntilDone(id);
    expect((await getDeployment(ops, id)).state).toBe("succeeded");
    expect(await auditOf(id)).toEqual([
      "deployment.start ops",
      "deployment.pause ops",
      "deployment.continue ops",
      "deployment.begin system",
      "deployment.pause ops",
      "deployment.continue ops",
      "deployment.succeed system",
    ]);
  });
});

describe("between waves", () => {
  test("a person lets each begin, by its number: a second click does not begin the next", async () => {
    await policy({ waveGate: "person" });
    const ops = await world.actor("ops");
    const id = await deploy();
    const first = await workUntil(id, ({ waiting }) => waiting?.kind === "wave_gate");
    expect([first.waiting?.wave, states(first)]).toEqual([2, ["succeeded", "queued", "queued"]]);
    expect(await handleDeploymentJob(id, signal)).toBeGreaterThan(0);
    await expect(continueDeployment({ actor: ops, id, wave: 3 })).rejects.toMatchObject({
      blockers: [{ code: "NOTHING_WAITS" }],
    });
    await expect(continueDeployment({ actor: ops, id })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(
      continueDeployment({ actor: await world.actor("tester"), id, wave: 2 }),
    ).rejects.toMatchObject({ code: "FORBIDDEN" });
    await continueDeployment({ actor: ops, id, wave: 2 });
    await continueDeployment({ actor: ops, id, wave: 2 });
    const second = await workUntil(id, ({ waiting }) => waiting?.kind === "wave_gate");
    expect([second.waiting?.wave, states(second)]).toEqual([3, ["succeeded", "succeeded", "queued"]]);
    await continueDeployment({ actor: ops, id, wave: 3 });
    await workUntilDone(id);
    expect((await getDeployment(ops, id)).state).toBe("succeeded");
  });

  test("a time passes, and says until when", async () => {
    await policy({ wavePauseSeconds: 3600 });
    const id = await deploy();
    const held = await workUntil(id, ({ waiting }) => waiting?.kind === "wave_pause");
    const ended = Date.parse(held.targets[0]?.endedAt ?? "");
    expect(Date.parse(held.waiting?.until ?? "") - ended).toBe(3_600_000);
    expect(await handleDeploymentJob(id, signal)).toBeGreaterThan(3000);
    await db.deploymentTarget.updateMany({
      where: { deploymentId: id, wave: 1 },
      data: { endedAt: new Date(Date.now() - 3_600_000) },
    });
    const next = await workUntil(id, ({ targets }) => targets[1]?.state === "succeeded");
    expect(next.targets[2]?.state).toBe("queued");
    await cancelDeployment({ actor: await world.actor("ops"), id });
    await workUntilDone(id);
    const cancelled = await getDeployment(await world.actor("ops"), id);
    expect([cancelled.cause?.code, states(cancelled)]).toEqual([
      "CANCELLED_MIDWAY",
      ["succeeded", "succeeded", "cancelled"],
    ]);
  });

  test("what came before must be well: it is waited for, then it counts as failed", async () => {
    await policy({ waveGate: "person" });
    const ops = await world.actor("ops");
    const id = await deploy();
    await workUntil(id, ({ waiting }) => waiting?.kind === "wave_gate");
    const key = { apiVersion: "apps/v1", kind: "Deployment", name: "api", namespace: "shop-fat" };
    await world.cluster(0).remove(key);
    await continueDeployment({ actor: ops, id, wave: 2 });
    await handleDeploymentJob(id, signal);
    const unwell = await getDeployment(ops, id);
    expect([unwell.waiting?.kind, unwell.targets[0]?.state, unwell.targets[1]?.state]).toEqual([
      "health",
      "succeeded",
      "queued",
    ]);
    const since = new Date(Date.now() - 120_000).toISOString();
    await db.deploymentTarget.updateMany({
      where: { deploymentId: id, wave: 1 },
      data: { cause: { ...unwell.targets[0]?.cause, since } },
    });
    await workUntilDone(id);
    const failed = await getDeployment(ops, id);
    expect([failed.state, states(failed)]).toEqual(["failed", ["failed", "cancelled", "cancelled"]]);
    expect(failed.targets[0]?.cause?.facts.object).toBe("Deployment api");
  });
});

describe("failures", () => {
  test("as many targets may fail as the environment says; a retry touches only those", async () => {
    await policy({ maxFailedTargets: 1 });
    const ops = await world.actor("ops");
    const id = await deploy();
    const giveBack = await lock("cluster-1");
    await workUntilDone(id);
    const failed = await getDeployment(ops, id);
    expect([failed.state, states(failed)]).toEqual(["failed", ["failed", "succeeded", "succeeded"]]);
    const before = [await generation(1), await generation(2)];
    await giveBack();
    await retryDeployment({ actor: ops, id });
    await workUntilDone(id);
    const done = await getDeployment(ops, id);
    expect([done.state, states(done)]).toEqual(["succeeded", ["succeeded", "succeeded", "succeeded"]]);
    const attempts = done.targets.map(({ steps }) => [...new Set(steps.map(({ attempt }) => attempt))]);
    expect(attempts).toEqual([[1, 2], [1], [1]]);
    expect([await generation(1), await generation(2)]).toEqual(before);
  });

  test("more than that ends it; a target is skipped with a reason, and the rest goes on", async () => {
    const ops = await world.actor("ops");
    const id = await deploy();
    const giveBack = await lock("cluster-1");
    await workUntilDone(id);
    await giveBack();
    const failed = await getDeployment(ops, id);
    expect(states(failed)).toEqual(["failed", "cancelled", "cancelled"]);
    const [target, other] = failed.targets.map(({ id: target }) => target);
    const reason = "cluster-1 is being replaced";
    await expect(
      skipTarget({ actor: await world.actor("dev"), id, target: target ?? "", reason }),
    ).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(skipTarget({ actor: ops, id, target: other ?? "", reason })).rejects.toMatchObject({
      blockers: [{ code: "NOTHING_TO_SKIP" }],
    });
    const gone = await skipTarget({ actor: ops, id, target: target ?? "", reason });
    expect([gone.state, states(gone)]).toEqual(["queued", ["skipped", "queued", "queued"]]);
    await workUntilDone(id);
    const done = await getDeployment(ops, id);
    expect([done.state, states(done)]).toEqual(["succeeded", ["skipped", "succeeded", "succeeded"]]);
    expect(done.targets[0]).toMatchObject({ skipReason: reason });
    expect(await auditOf(id)).toContain("deployment.skip ops");
  });

  test("the last one is not skipped", async () => {
    const ops = await world.actor("ops");
    await db.target.updateMany({ where: { environmentId: world.fat.id }, data: { wave: 1 } });
    await world.release(number, { crashes: true });
    const { digest } = await computePlan({ actor: ops, release: number, environment: "FAT" });
    const { id } = await startDeployment({ actor: ops, planDigest: digest });
    await workUntilDone(id);
    const failed = await getDeployment(ops, id);
    expect(new Set(states(failed))).toEqual(new Set(["failed"]));
    expect(failed.actions.skip.blockers.map(({ code }) => code)).toEqual(["NOTHING_TO_SKIP"]);
  });
});
