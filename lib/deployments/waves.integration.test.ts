import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { createFreeze } from "#lib/freezes/service.ts";
import { readPodLog } from "#lib/live/pod-log.ts";
import { getHistory, getLive } from "#lib/live/queries.ts";
import { podLogQuerySchema } from "#lib/live/schema.ts";
import { restartWorkload, scaleWorkload } from "#lib/live/service.ts";
import { computePlan } from "#lib/plans/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { cancelDeployment } from "./cancel.ts";
import { getDeployment, listDeployments } from "./queries.ts";
import { handleDeploymentJob } from "./reconcile.ts";
import { retryDeployment } from "./retry.ts";
import { rollbackDeployment } from "./rollback.ts";
import { startDeployment } from "./service.ts";
import { workUntilDone } from "./testing/run.ts";
import { makeWorld, type World } from "./testing/world.ts";

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld({ clusters: 2 });
});
afterAll(() => world?.close());
let count = 0;
let number: string;
beforeEach(() => {
  count += 1;
  number = `R-${count}`;
});

const plan = async (release: string) =>
  computePlan({ actor: await world.actor("ops"), release, environment: "FAT" });
const fat = { project: "shop", environment: "FAT" };
const { signal } = new AbortController();

describe("two clusters in two waves", () => {
  test("the second wave begins after the first has been verified", async () => {
    const ops = await world.actor("ops");
    await world.release(number);
    const { digest } = await plan(number);
    const { id } = await startDeployment({ actor: ops, planDigest: digest, confirm: "FAT" });
    await workUntilDone(id);
    const done = await getDeployment(ops, id);
    expect(done.state).toBe("succeeded");
    const [first, second] = done.targets;
    expect([first?.cluster, second?.cluster]).toEqual(["cluster-1", "cluster-2"]);
    expect(Date.parse(second?.startedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(first?.endedAt ?? ""));
    const events = await db.event.findMany({ where: { topic: `deployment:${id}` }, orderBy: { seq: "asc" } });
    expect(events.map(({ type }) => type).filter((type) => !/step|target|progress/.test(type))).toEqual([
      "deployment.queued",
      "deployment.applying",
      "deployment.rolling_out",
      "deployment.verifying",
      "deployment.succeeded",
    ]);
  });

  test("a failure in the first wave leaves the second alone; a retry tries both", async () => {
    const ops = await world.actor("ops");
    const release = await world.release(number, { crashes: true });
    const { digest } = await plan(number);
    const { id } = await startDeployment({ actor: ops, planDigest: digest });
    await workUntilDone(id);
    const failed = await getDeployment(ops, id);
    expect(failed.targets.map(({ state }) => state)).toEqual(["failed", "cancelled"]);
    expect(failed.targets[1]?.cause?.code).toBe("NOT_STARTED");
    expect(failed.actions.retry).toEqual({ allowed: true, blockers: [] });
    const untouched = await world
      .cluster(1)
      .get({ apiVersion: "apps/v1", kind: "Deployment", name: "api", namespace: "shop-fat" });
    expect(untouched?.metadata.labels?.["app.kubernetes.io/version"]).toBe("R-1");
    await expect(retryDeployment({ actor: await world.actor("tester"), id })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    const again = await retryDeployment({ actor: ops, id });
    expect(again).toMatchObject({ state: "queued", attempt: 2 });
    await workUntilDone(id);
    expect((await getDeployment(ops, id)).state).toBe("failed");
    const back = await rollbackDeployment({ actor: ops, id });
    const { id: rollback } = await startDeployment({ actor: ops, planDigest: back.digest });
    await workUntilDone(rollback);
    expect((await getDeployment(ops, id)).state).toBe("rolled_back");
    expect(
      (await db.stage.findFirstOrThrow({ where: { releaseId: release.id, environmentId: world.fat.id } }))
        .state,
    ).toBe("rolled_back");
  });

  test("another worker goes on after a crash and touches nothing twice", async () => {
    const ops = await world.actor("ops");
    await world.release(number);
    const { digest } = await plan(number);
    const { id } = await startDeployment({ actor: ops, planDigest: digest });
    await handleDeploymentJob(id, signal);
    const key = { apiVersion: "apps/v1", kind: "Deployment", name: "api", namespace: "shop-fat" };
    const before = await world.cluster().get(key);
    expect(before?.metadata.annotations?.["refract.dev/deployment"]).toBe(id);
    // As if the process had died between the apply and its record.
    const [target] = await db.deploymentTarget.findMany({ where: { deploymentId: id, wave: 1 } });
    await db.deploymentStep.updateMany({
      where: { deploymentTargetId: target?.id ?? "", name: { in: ["apply"] } },
      data: { state: "running", endedAt: null },
    });
    await db.deploymentStep.updateMany({
      where: { deploymentTargetId: target?.id ?? "", name: { in: ["roll_out", "verify"] } },
      data: { state: "waiting", startedAt: null, endedAt: null },
    });
    await db.deploymentTarget.updateMany({
      where: { id: target?.id ?? "" },
      data: { state: "applying", endedAt: null },
    });
    await workUntilDone(id);
    const done = await getDeployment(ops, id);
    expect(done.state).toBe("succeeded");
    const results = done.targets[0]?.steps.find(({ name }) => name === "apply")?.detail?.objects;
    expect(new Set(results?.map(({ result }) => result))).toEqual(new Set(["already"]));
    expect((await world.cluster().get(key))?.metadata.generation).toBe(before?.metadata.generation);
  });
});

describe("time", () => {
  test("two deployments never meet on a target; a queued one can be cancelled untouched", async () => {
    const ops = await world.actor("ops");
    const release = await world.release(number);
    const other = await world.release(`${number}-other`);
    const [{ digest }, { digest: second }] = [await plan(number), await plan(other.number)];
    const { id } = await startDeployment({ actor: ops, planDigest: digest });
    await expect(startDeployment({ actor: ops, planDigest: second })).rejects.toMatchObject({
      code: "TARGET_BUSY",
      blockers: [{ facts: { release: number, person: "OPS" } }, { facts: { release: number } }],
    });
    const cancelled = await cancelDeployment({ actor: ops, id });
    expect(cancelled).toMatchObject({ state: "cancelled", cause: { code: "CANCELLED" } });
    expect(cancelled.cause?.objects?.every(({ state }) => state === "old")).toBe(true);
    expect(
      (await db.stage.findFirstOrThrow({ where: { releaseId: release.id, environmentId: world.fat.id } }))
        .state,
    ).toBe("entered");
    expect(await db.targetLock.count()).toBe(0);
  });

  test("one that was cancelled midway says which objects are new", async () => {
    const ops = await world.actor("ops");
    await world.release(number);
    const { digest } = await plan(number);
    const { id } = await startDeployment({ actor: ops, planDigest: digest });
    await handleDeploymentJob(id, signal);
    expect((await getDeployment(ops, id)).state).toBe("applying");
    await cancelDeployment({ actor: ops, id });
    await workUntilDone(id);
    const { cause, state } = await getDeployment(ops, id);
    expect([state, cause?.code]).toEqual(["cancelled", "CANCELLED_MIDWAY"]);
    const of = (cluster: string) =>
      new Set(cause?.objects?.filter((one) => one.cluster === cluster).map((one) => one.state));
    expect([of("cluster-1"), of("cluster-2")]).toEqual([new Set(["new"]), new Set(["old"])]);
  });

  test("a scheduled one starts when it is due, unless a right was lost meanwhile", async () => {
    const ops = await world.actor("ops");
    const release = await world.release(number);
    const { digest } = await plan(number);
    const scheduledAt = new Date(Date.now() + 3_600_000).toISOString();
    const { id, state } = await startDeployment({ actor: ops, planDigest: digest, scheduledAt });
    expect(state).toBe("scheduled");
    expect(await handleDeploymentJob(id, signal)).toBeGreaterThan(3_000);
    await db.membership.deleteMany({ where: { userId: world.people.ops } });
    await db.deployment.update({ where: { id }, data: { scheduledAt: new Date(Date.now() - 1000) } });
    expect(await handleDeploymentJob(id, signal)).toBeNull();
    await db.membership.create({
      data: { projectId: world.projectId, userId: world.people.ops, role: "ops" },
    });
    expect(await getDeployment(ops, id)).toMatchObject({
      state: "cancelled",
      cause: { code: "ROLE_MISSING" },
    });
    expect(
      (await db.stage.findFirstOrThrow({ where: { releaseId: release.id, environmentId: world.fat.id } }))
        .state,
    ).toBe("entered");
    const next = await startDeployment({ actor: ops, planDigest: digest, scheduledAt });
    await db.deployment.update({
      where: { id: next.id },
      data: { scheduledAt: new Date(Date.now() - 1000) },
    });
    await workUntilDone(next.id);
    expect((await getDeployment(ops, next.id)).state).toBe("succeeded");
  });

  test("a freeze refuses, and names who lifts it", async () => {
    const ops = await world.actor("ops");
    await world.release(number);
    const { digest } = await plan(number);
    const window = {
      startsAt: new Date(Date.now() - 1000).toISOString(),
      endsAt: new Date(Date.now() + 60_000).toISOString(),
    };
    const freeze = await createFreeze({
      actor: ops,
      project: "shop",
      environment: "FAT",
      reason: "year end",
      ...window,
    });
    await expect(startDeployment({ actor: ops, planDigest: digest })).rejects.toMatchObject({
      code: "BLOCKED",
      blockers: [{ code: "FROZEN", liftedBy: ["ops", "owner", "system"] }],
    });
    await db.freezeWindow.delete({ where: { id: freeze.id } });
  });
});

describe("what runs", () => {
  test("is told with pods, digests, drift and its manager; restart and scale need the right to deploy", async () => {
    const ops = await world.actor("ops");
    const workload = { cluster: "cluster-1", kind: "Deployment" as const, name: "api" };
    await expect(
      scaleWorkload({ actor: await world.actor("dev"), ...fat, ...workload, replicas: 2 }),
    ).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    await scaleWorkload({ actor: ops, ...fat, ...workload, replicas: 2 });
    await restartWorkload({ actor: ops, ...fat, ...workload });
    const live = await getLive(ops, fat);
    const [first] = live.targets;
    expect(first).toMatchObject({
      state: "known",
      workloads: [{ component: "api", desired: 2, images: [{ container: "app" }] }],
    });
    expect(first?.drift).toMatchObject([
      { object: "Deployment api", field: ".spec.replicas", expected: "1", actual: "2" },
    ]);
    const pod = first?.workloads[0]?.revisions.flatMap(({ pods }) => pods)[0]?.name ?? "";
    const query = podLogQuerySchema.parse({ cluster: "cluster-1", tail: 10 });
    const log = await readPodLog({ actor: ops, signal, ...fat, pod, ...query });
    expect(log.headers.get("content-type")).toContain("text/plain");
    const actions = await db.auditEntry.findMany({ where: { subject: "workload" }, orderBy: { seq: "asc" } });
    expect(actions.map(({ action, actorName }) => `${action} ${actorName}`)).toEqual([
      "live.scale ops",
      "live.restart ops",
    ]);
    const history = await getHistory(ops, fat, { limit: 50 });
    expect(history.items.filter(({ current }) => current.length > 0)).toHaveLength(1);
    expect(
      (await listDeployments(ops, { limit: 1, state: ["succeeded"], project: "shop" })).nextCursor,
    ).not.toBeNull();
  });

  test("a cluster that falls silent is unknown, and goes on when it answers", async () => {
    const ops = await world.actor("ops");
    await world.release(number);
    const { digest } = await plan(number);
    const { id } = await startDeployment({ actor: ops, planDigest: digest });
    await world.kubernetes[0]?.close();
    expect(await handleDeploymentJob(id, signal)).toBeGreaterThan(0);
    const silent = await getDeployment(ops, id);
    expect([silent.state, silent.targets[0]?.cause?.code]).toEqual(["applying", "CLUSTER_UNREACHABLE"]);
    const since = new Date(Date.now() - 120_000).toISOString();
    const cause = { ...silent.targets[0]?.cause, since };
    await db.deploymentTarget.updateMany({ where: { deploymentId: id, wave: 1 }, data: { cause } });
    await handleDeploymentJob(id, signal);
    expect((await getDeployment(ops, id)).state).toBe("unknown");
    await world.reopen(0);
    await workUntilDone(id);
    const done = await getDeployment(ops, id);
    expect([done.state, done.targets[0]?.cause]).toEqual(["succeeded", null]);
  });

  test("a silent cluster is unknown beside one that answers, and blocks a plan", async () => {
    const ops = await world.actor("ops");
    await world.kubernetes[1]?.close();
    const live = await getLive(ops, fat);
    expect(live.targets.map(({ state }) => state)).toEqual(["known", "unknown"]);
    await world.release(number);
    const { blockers, targets } = await plan(number);
    expect(blockers.map(({ code }) => code)).toEqual(["CLUSTER_UNREACHABLE"]);
    expect(targets[0]?.objects.length).toBeGreaterThan(0);
  });
});
