import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { approvalsWaiting, listApprovals } from "#lib/approvals/queries.ts";
import { decidePlan } from "#lib/approvals/service.ts";
import { db } from "#lib/db.ts";
import { getDeployment } from "#lib/deployments/queries.ts";
import { handleDeploymentJob } from "#lib/deployments/reconcile.ts";
import { rollbackDeployment } from "#lib/deployments/rollback.ts";
import { startDeployment } from "#lib/deployments/service.ts";
import { workUntilDone } from "#lib/deployments/testing/run.ts";
import { makeWorld, type World } from "#lib/deployments/testing/world.ts";
import { getPlan } from "#lib/plans/queries.ts";
import { computePlan } from "#lib/plans/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { listImagePolicies } from "./queries.ts";
import { NO_POLICY, type PolicyRules } from "./schema.ts";
import { setImagePolicy } from "./service.ts";
import { imageVerdicts } from "./verdicts.ts";

await testDatabase();
let world: World;
let admin: Actor;
beforeAll(async () => {
  world = await makeWorld();
  const { id } = await db.user.create({
    data: { username: "root", displayName: "Root", globalRoles: ["admin"] },
  });
  const found = await loadActor(id);
  if (!found) throw new Error("no admin");
  admin = found;
});
afterAll(() => world?.close());

const { signal } = new AbortController();
const CVE = "CVE-2026-1234";
let count = 0;
let number: string;
beforeEach(async () => {
  count += 1;
  number = `R-${count}`;
  await db.waiver.deleteMany();
  await policy("PROD", {});
  await policy("FAT", {});
});

async function policy(environment: string, rules: Partial<PolicyRules>) {
  const { items } = await listImagePolicies();
  const version = items.find((one) => one.environment === environment)?.version ?? 0;
  return setImagePolicy({ actor: admin, environment, ...NO_POLICY, ...rules, version });
}

/** What registry and scanner said of the release order's image a moment ago. */
async function inspected(facts: { signed?: boolean; vulnerabilities?: string[]; at?: Date }) {
  const { signed = true, vulnerabilities = [], at = new Date() } = facts;
  await db.artifact.updateMany({
    where: { item: { release: { number } } },
    data: {
      inspectedAt: at,
      evidence: {
        keys: ["release"],
        signatures: signed ? [{ digest: "sha256:s", verifiedBy: ["release"], problem: null }] : [],
        sboms: [],
        provenance: [],
      },
      scan: {
        state: "done",
        scanner: "Trivy",
        finishedAt: at.toISOString(),
        counts: { critical: 0, high: vulnerabilities.length, medium: 0, low: 0, negligible: 0, unknown: 0 },
        vulnerabilities: vulnerabilities.map((id) => ({
          id,
          severity: "high",
          package: "openssl",
          version: "3.0.1",
          fixedVersion: null,
          link: null,
        })),
      },
    },
  });
}
const plan = async (environment = "PROD") =>
  computePlan({ actor: await world.actor("dev"), release: number, environment });
const approve = async (digest: string) =>
  decidePlan({ actor: await world.actor("ops2"), digest, decision: "approve", comment: "fine" });
const start = async (planDigest: string) => startDeployment({ actor: await world.actor("ops"), planDigest });
/** Jobs that wait to ask the registry about the release order's image. */
async function inspections(): Promise<number> {
  const { id } = await db.artifact.findFirstOrThrow({ where: { item: { release: { number } } } });
  const [row] = await db.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) FROM pgboss.job WHERE name = 'artifact.inspect' AND data->>'artifactId' = ${id}`;
  return Number(row?.count ?? 0);
}
const codes = (blockers: readonly { code: string }[]) => blockers.map(({ code }) => code);
const granted = (change: { subject?: string; decidedById?: string; expiresAt?: Date } = {}) =>
  db.waiver.create({
    data: {
      projectId: world.projectId,
      environmentId: world.prod.id,
      subject: CVE,
      reason: "not reachable from outside",
      ownerId: world.people.ops,
      askedById: world.people.dev,
      state: "granted",
      decidedById: world.people.ops2,
      decidedAt: new Date(),
      expiresAt: new Date(Date.now() + 3_600_000),
      ...change,
    },
  });

describe("the policy", () => {
  test("is an admin's to set, names what exists, and does not overwrite another's change", async () => {
    const ops = await world.actor("ops");
    const before = { ...NO_POLICY, version: 1 };
    await expect(setImagePolicy({ actor: ops, environment: "PROD", ...before })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    await expect(
      policy("PROD", { allowedBases: ["node"], allowedRegistries: ["images", "nowhere"] }),
    ).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: "not registered: node, nowhere",
    });
    const set = await policy("PROD", { maxSeverity: "medium", allowedRegistries: ["images"] });
    expect(set).toMatchObject({ environment: "PROD", maxSeverity: "medium", allowedRegistries: ["images"] });
    await expect(
      setImagePolicy({ actor: admin, environment: "PROD", ...NO_POLICY, version: set.version - 1 }),
    ).rejects.toMatchObject({ code: "VERSION_CONFLICT" });
    await expect(
      setImagePolicy({ actor: admin, environment: "PROD", ...NO_POLICY, version: 0 }),
    ).rejects.toMatchObject({ code: "VERSION_CONFLICT" });
    const entry = await db.auditEntry.findFirstOrThrow({ orderBy: { seq: "desc" } });
    expect(entry).toMatchObject({ action: "image-policy.set", actorName: "root", subjectId: "PROD" });
    expect(entry.data).toMatchObject({ before: { maxSeverity: null }, after: { maxSeverity: "medium" } });
  });
});

test("takes a registry that is registered twice for the one that is allowed", async () => {
  await world.release(number);
  const twin = { key: "images-2", name: "Images, another account", url: world.registry.url };
  const { id } = await db.registry.create({ data: twin });
  for (const key of ["images", "images-2"]) {
    await policy("PROD", { allowedRegistries: [key] });
    expect((await plan()).findings).toEqual([]);
  }
  await db.registry.delete({ where: { id } });
});

test("is told for each environment on the way before anybody goes there", async () => {
  await world.release(number);
  await policy("PROD", { maxSeverity: "medium", requireSignature: true });
  await inspected({ vulnerabilities: [CVE] });
  const verdicts = async () => {
    const { items } = await imageVerdicts(await world.actor("tester"), number);
    return items.map(({ environment, images }) => [environment, images.map(({ verdict }) => verdict)]);
  };
  expect(await verdicts()).toEqual([
    ["FAT", ["free"]],
    ["PROD", ["refused"]],
  ]);
  await granted();
  expect(await verdicts()).toMatchObject([{}, ["PROD", ["waived"]]]);
  await inspected({});
  expect(await verdicts()).toMatchObject([{}, ["PROD", ["passes"]]]);
  const { id } = await db.user.create({ data: { username: `u-${number}`, displayName: "Nobody" } });
  const stranger = await loadActor(id);
  if (!stranger) throw new Error("no stranger");
  await expect(imageVerdicts(stranger, number)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

describe("a plan", () => {
  test("is held back until its image was inspected and is signed; nobody approves it before", async () => {
    await world.release(number, { environment: "PROD" });
    await policy("PROD", { requireSignature: true });
    const first = await plan();
    expect(first.blockers).toMatchObject([{ code: "IMAGE_UNSIGNED", facts: { reason: "not_inspected" } }]);
    await expect(approve(first.digest)).rejects.toMatchObject({
      code: "BLOCKED",
      blockers: [{ code: "IMAGE_UNSIGNED", liftedBy: ["ops", "owner"] }],
    });
    const waiting = await listApprovals(await world.actor("ops2"), { box: "waiting", limit: 50 });
    expect(waiting.items).toEqual([]);
    expect(await approvalsWaiting(await world.actor("ops2"))).toBe(0);
    // Nobody has to wait for the next round of inspections.
    expect(await inspections()).toBe(1);
    await inspected({ signed: false });
    expect((await plan()).blockers).toMatchObject([{ facts: { reason: "unsigned" } }]);
    await inspected({});
    const signed = await plan();
    // What is known of an image is no input: the plan is the same.
    expect([signed.digest, signed.blockers]).toEqual([first.digest, []]);
    expect(await approvalsWaiting(await world.actor("ops2"))).toBe(1);
    await approve(first.digest);
    const done = await start(first.digest);
    await workUntilDone(done.id);
    expect((await getDeployment(await world.actor("ops"), done.id)).state).toBe("succeeded");
  });

  test("is held to the rules of now: at the click, and at its turn", async () => {
    await world.release(number, { environment: "PROD" });
    await inspected({ vulnerabilities: [CVE] });
    const { digest } = await plan();
    await approve(digest);
    await policy("PROD", { maxSeverity: "medium" });
    await expect(start(digest)).rejects.toMatchObject({
      code: "BLOCKED",
      blockers: [{ code: "IMAGE_SEVERITY", facts: { ids: CVE, component: "api", environment: "PROD" } }],
    });
    await policy("PROD", { maxSeverity: "high" });
    const { id } = await start(digest);
    await policy("PROD", { maxSeverity: "medium", allowedRegistries: ["images"] });
    expect(await handleDeploymentJob(id, signal)).toBeNull();
    expect(await getDeployment(await world.actor("ops"), id)).toMatchObject({
      state: "failed",
      cause: { code: "IMAGE_SEVERITY" },
    });
    expect(await db.targetLock.count()).toBe(0);
  });

  test("names the waivers it rests on: one that is revoked or ends unmakes it", async () => {
    await world.release(number, { environment: "PROD" });
    await inspected({ vulnerabilities: [CVE] });
    await policy("PROD", { maxSeverity: "medium" });
    const blocked = await plan();
    expect(codes(blocked.blockers)).toEqual(["IMAGE_SEVERITY"]);
    const waiver = await granted();
    expect(await getPlan(await world.actor("dev"), blocked.digest)).toMatchObject({
      current: false,
      changedSince: [{ part: "waiver", subject: `api: ${CVE}`, before: null, after: waiver.id }],
    });
    const waived = await plan();
    expect(waived.digest).not.toBe(blocked.digest);
    expect(waived.blockers).toEqual([]);
    expect(waived.findings).toMatchObject([{ subject: CVE, waivedBy: { id: waiver.id, owner: "OPS" } }]);
    await approve(waived.digest);
    // Another one for the same does not change it.
    await granted();
    expect((await getPlan(await world.actor("dev"), waived.digest)).current).toBe(true);
    await db.waiver.deleteMany({ where: { id: { not: waiver.id } } });
    await db.waiver.update({ where: { id: waiver.id }, data: { state: "revoked" } });
    const refused = await start(waived.digest).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "PLAN_STALE", facts: { changedSince: [{ part: "waiver" }] } });
    await db.waiver.update({ where: { id: waiver.id }, data: { state: "granted" } });
    const { id } = await start(waived.digest);
    await db.waiver.update({ where: { id: waiver.id }, data: { expiresAt: new Date(Date.now() - 1000) } });
    expect(await handleDeploymentJob(id, signal)).toBeNull();
    expect((await getDeployment(await world.actor("ops"), id)).state).toBe("failed");
  });

  test("does not rest on a waiver that ends before it starts", async () => {
    await world.release(number, { environment: "PROD" });
    await inspected({ vulnerabilities: [CVE] });
    await policy("PROD", { maxSeverity: "medium" });
    await granted({ expiresAt: new Date(Date.now() + 60_000) });
    const { digest } = await plan();
    await approve(digest);
    const scheduledAt = new Date(Date.now() + 120_000).toISOString();
    await expect(
      startDeployment({ actor: await world.actor("ops"), planDigest: digest, scheduledAt }),
    ).rejects.toMatchObject({ code: "PLAN_STALE" });
  });

  test("does not rest on a waiver that whoever raised the release order granted", async () => {
    await world.release(number, { environment: "PROD" });
    await inspected({ vulnerabilities: [CVE] });
    await policy("PROD", { maxSeverity: "medium" });
    await granted({ decidedById: world.people.dev });
    expect(codes((await plan()).blockers)).toEqual(["IMAGE_SEVERITY"]);
  });
});

test("a rollback is warned, not stopped, and what it restores goes on record", async () => {
  const ops = await world.actor("ops");
  const deploy = async () => {
    await world.release(number);
    const { digest } = await plan("FAT");
    const { id } = await start(digest);
    await workUntilDone(id);
    return id;
  };
  await deploy();
  number = `${number}-next`;
  const second = await deploy();
  await policy("FAT", { requireSignature: true });
  const back = await rollbackDeployment({ actor: ops, id: second });
  expect(back.blockers).toEqual([]);
  expect(back.checks[0]).toMatchObject({ code: "IMAGE_UNSIGNED", state: "warning" });
  const { id } = await start(back.digest);
  await workUntilDone(id);
  expect((await getDeployment(ops, id)).state).toBe("succeeded");
  const entry = await db.auditEntry.findFirstOrThrow({
    where: { subjectId: id, action: "deployment.start" },
  });
  expect(entry.data).toMatchObject({ findings: [{ rule: "signature", reason: "not_inspected" }] });
});
