import { afterAll, beforeAll, expect, test } from "vitest";
import { loadActor } from "#lib/access/actor.ts";
import { decidePlan } from "#lib/approvals/service.ts";
import { db } from "#lib/db.ts";
import { getDeployment } from "#lib/deployments/queries.ts";
import { rollbackDeployment } from "#lib/deployments/rollback.ts";
import { startDeployment } from "#lib/deployments/service.ts";
import { workUntilDone } from "#lib/deployments/testing/run.ts";
import { updateEnvironment } from "#lib/environments/service.ts";
import { NO_POLICY } from "#lib/image-policies/schema.ts";
import { setImagePolicy } from "#lib/image-policies/service.ts";
import { getPlan } from "#lib/plans/queries.ts";
import { computePlan } from "#lib/plans/service.ts";
import { enterStage } from "#lib/stages/enter.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { listImageCopies } from "./queries.ts";
import { handleCopyJob, unfinishedCopies } from "./reconcile.ts";
import { makePromotion, type Promotion } from "./testing/place.ts";

await testDatabase();
let place: Promotion;
beforeAll(async () => {
  place = await makePromotion();
});
afterAll(() => place?.close());

const { signal } = new AbortController();
const codes = (blockers: readonly { code: string }[]) => blockers.map(({ code }) => code);
const planned = async (release: string) =>
  computePlan({ actor: await place.world.actor("ops"), release, environment: "PROD" });
const copyAll = async () => {
  for (const id of await unfinishedCopies()) expect(await handleCopyJob(id, signal)).toBeNull();
};
async function deployed(digest: string): Promise<string> {
  const actor = await place.world.actor("ops");
  await decidePlan({ actor: await place.world.actor("ops2"), digest, decision: "approve", comment: "" });
  const { id } = await startDeployment({ actor, planDigest: digest });
  await workUntilDone(id);
  expect((await getDeployment(actor, id)).state).toBe("succeeded");
  return id;
}
const running = async () => {
  const pods = await place.world.cluster().list({ apiVersion: "v1", kind: "Pod", namespace: "shop-prod" });
  return JSON.stringify(pods);
};
async function admin() {
  const data = { username: "root", displayName: "Root", globalRoles: ["admin"] };
  const { id } = await db.user.upsert({ where: { username: "root" }, create: data, update: {} });
  const actor = await loadActor(id);
  if (!actor) throw new Error("no admin");
  return actor;
}

test("entering queues the copy; the plan names the environment's registry and waits; then it is deployed from there", async () => {
  const { world, gate } = place;
  const release = await world.release("R-1");
  const where = { releaseId: release.id };
  await db.stage.updateMany({ where: { ...where, environmentId: world.fat.id }, data: { state: "passed" } });
  const early = await planned("R-1");
  expect(codes(early.blockers)).toEqual(["STAGE_NOT_ENTERED", "IMAGE_NOT_PROMOTED"]);
  expect(await db.imageCopy.count()).toBe(0);

  const tester = await world.actor("tester");
  await enterStage({ actor: tester, release: "R-1", environment: "PROD" });
  const plan = await planned("R-1");
  expect(plan.digest).toBe(early.digest);
  expect(plan.images[0]?.image).toBe(`${gate.host}/shop/api:R-1`);
  expect(codes(plan.blockers)).toEqual(["IMAGE_NOT_PROMOTED"]);
  expect(plan.blockers[0]?.facts).toMatchObject({ component: "api", registry: "prod", copy: "queued" });
  expect(codes(plan.checks)).not.toContain("IMAGE_IN_REGISTRY");
  const queued = await listImageCopies(tester, { release: "R-1", environment: "PROD" });
  expect(queued.items).toMatchObject([
    { state: "queued", registry: "prod", askedBy: { username: "tester" }, digest: release.digest },
  ]);

  await copyAll();
  const [copy] = (await listImageCopies(tester, { release: "R-1", environment: "PROD" })).items;
  expect(copy).toMatchObject({ state: "copied", attempts: 1, cause: null, to: `${gate.host}/shop/api` });
  expect(copy?.sentBytes).toBeGreaterThan(0);
  expect((await getPlan(tester, plan.digest)).blockers).toEqual([]);
  const audits = await db.auditEntry.findMany({ where: { subject: "image_copy" }, orderBy: { seq: "asc" } });
  expect(audits.map(({ action, actorName }) => `${action} ${actorName}`)).toEqual([
    "image_copy.ask tester",
    "image_copy.finish system",
  ]);

  // Where it was built nothing is left: it comes from the environment's own registry.
  await fetch(`${world.registry.url}/v2/shop/api/manifests/${release.digest}`, { method: "DELETE" });
  await deployed((await planned("R-1")).digest);
  expect(await running()).toContain(`${gate.host}/shop/api@${release.digest}`);
  await db.reservation.deleteMany();
});

test("a rollback takes the image that was copied before", async () => {
  const { world, gate } = place;
  await world.release("R-2", { environment: "PROD" });
  await planned("R-2");
  await copyAll();
  const id = await deployed((await planned("R-2")).digest);
  const actor = await world.actor("ops");
  const back = await rollbackDeployment({ actor, id });
  expect(back.images[0]?.image).toBe(`${gate.host}/shop/api:R-1`);
  expect(back.blockers).toEqual([]);
  const { id: undo } = await startDeployment({ actor, planDigest: back.digest });
  await workUntilDone(undo);
  expect((await getDeployment(actor, undo)).state).toBe("succeeded");
  expect(await running()).toContain(`${gate.host}/shop/api@${back.images[0]?.digest}`);
});

test("another registry makes the plan stale, and is told as a changed image", async () => {
  const { world, gate } = place;
  await world.release("R-3", { environment: "PROD" });
  const plan = await planned("R-3");
  await copyAll();
  const actor = await admin();
  const set = async (registry: string | null) => {
    const { version } = await db.environment.findUniqueOrThrow({ where: { key: "PROD" } });
    return updateEnvironment({ actor, environment: "PROD", version, registry });
  };
  await expect(set("nowhere")).rejects.toMatchObject({ code: "INVALID_INPUT" });
  expect((await set(null)).registry).toBeNull();
  const stale = await getPlan(await world.actor("ops"), plan.digest);
  expect(stale.current).toBe(false);
  expect(stale.changedSince.map(({ part }) => part)).toContain("image");
  const without = await planned("R-3");
  expect(without.images[0]?.image).not.toContain(gate.host);
  expect((await set("prod")).registry).toBe("prod");
  expect((await planned("R-3")).digest).toBe(plan.digest);
});

test("an image that the registry has lost is copied again", async () => {
  const { world, forget, copyOf } = place;
  const { digest } = await world.release("R-4", { environment: "PROD" });
  await planned("R-4");
  await copyAll();
  await forget(digest);
  const plan = await planned("R-4");
  expect(codes(plan.blockers)).toEqual(["IMAGE_NOT_PROMOTED"]);
  expect((await copyOf("R-4")).state).toBe("queued");
  await copyAll();
  expect((await planned("R-4")).blockers).toEqual([]);
  expect(await db.auditEntry.count({ where: { action: "image_copy.lose" } })).toBe(1);
});

test("what is gone at the turn is not deployed", async () => {
  const { world, forget } = place;
  const actor = await world.actor("ops");
  const { digest } = await world.release("R-5", { environment: "PROD" });
  await planned("R-5");
  await copyAll();
  const plan = await planned("R-5");
  await decidePlan({
    actor: await world.actor("ops2"),
    digest: plan.digest,
    decision: "approve",
    comment: "",
  });
  const { id } = await startDeployment({ actor, planDigest: plan.digest });
  await forget(digest);
  await workUntilDone(id);
  expect((await getDeployment(actor, id)).cause?.code).toBe("IMAGE_MISSING");
});

test("the policy's registries are those that are deployed from", async () => {
  const { world } = place;
  await world.release("R-6", { environment: "PROD" });
  const version = 0;
  await setImagePolicy({
    actor: await admin(),
    environment: "PROD",
    ...NO_POLICY,
    allowedRegistries: ["prod"],
    version,
  });
  const plan = await planned("R-6");
  expect(plan.findings).toEqual([]);
  expect(codes(plan.blockers)).toEqual(["IMAGE_NOT_PROMOTED"]);
});
