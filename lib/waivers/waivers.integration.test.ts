import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { approvalsWaiting } from "#lib/approvals/queries.ts";
import { decidePlan } from "#lib/approvals/service.ts";
import { db } from "#lib/db.ts";
import { getDeployment } from "#lib/deployments/queries.ts";
import { handleDeploymentJob } from "#lib/deployments/reconcile.ts";
import { startDeployment } from "#lib/deployments/service.ts";
import { makeWorld, type World } from "#lib/deployments/testing/world.ts";
import { getPlan } from "#lib/plans/queries.ts";
import { computePlan } from "#lib/plans/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { endLapsedWaivers } from "./lapse.ts";
import { listWaivers } from "./queries.ts";
import type { WaiverDto, WaiverView } from "./schema.ts";
import { askWaiver, decideWaiver, revokeWaiver } from "./service.ts";

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld();
  await db.imagePolicy.create({ data: { environmentId: world.prod.id, requireSignature: true } });
});
afterAll(() => world?.close());
let count = 0;
let number: string;
beforeEach(async () => {
  count += 1;
  number = `R-${count}`;
  await db.waiver.deleteMany();
});

type Name = keyof World["people"];
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const ask = async (by: Name, change: Partial<Parameters<typeof askWaiver>[0]> = {}) =>
  askWaiver({
    actor: await world.actor(by),
    project: "shop",
    environment: "PROD",
    component: "api",
    subject: "signature",
    reason: "the key is being replaced",
    expiresAt: inDays(10),
    ...change,
  });
const decide = async (by: Name, { id, version }: WaiverDto, decision: "grant" | "decline" = "grant") =>
  decideWaiver({ actor: await world.actor(by), id, version, decision, comment: "until the key is there" });
const list = async (by: Name, view: WaiverView) =>
  (await listWaivers(await world.actor(by), { view, limit: 50 })).items.map(({ id }) => id);
const plan = async () =>
  computePlan({ actor: await world.actor("dev"), release: number, environment: "PROD" });
const audits = async (id: string) =>
  (await db.auditEntry.findMany({ where: { subjectId: id }, orderBy: { seq: "asc" } })).map(
    ({ action, actorName }) => `${action} ${actorName}`,
  );

test("of a component holds it in the catalog: without it, it would be for every component", async () => {
  const { id } = await ask("dev");
  await expect(db.component.delete({ where: { id: world.component.id } })).rejects.toThrow();
  expect((await db.waiver.findUniqueOrThrow({ where: { id } })).componentId).toBe(world.component.id);
});

test("that ends soon stands in the inbox of who answers for it", async () => {
  const soon = await ask("dev", { expiresAt: inDays(3), owner: "ops" });
  const later = await ask("dev", { subject: "scan", expiresAt: inDays(30), owner: "ops" });
  for (const waiver of [soon, later]) await decide("ops2", waiver);
  expect(await list("ops", "due")).toEqual([soon.id]);
  expect(await list("dev", "due")).toEqual([]);
  await revokeWaiver({ actor: await world.actor("ops"), id: soon.id });
  expect(await list("ops", "due")).toEqual([]);
});

describe("asking", () => {
  test.each<[string, Name, Partial<Parameters<typeof askWaiver>[0]>, string]>([
    ["by who changes nothing", "tester", {}, "FORBIDDEN"],
    ["for too long", "dev", { expiresAt: inDays(91) }, "INVALID_INPUT"],
    ["for a time that is over", "dev", { expiresAt: inDays(-1) }, "INVALID_INPUT"],
    ["for no component", "dev", { component: "nothing" }, "INVALID_INPUT"],
    ["for no environment", "dev", { environment: "MOON" }, "INVALID_INPUT"],
    ["for no release order", "dev", { release: "R-none" }, "INVALID_INPUT"],
    ["with nobody who answers for it", "dev", { owner: "nobody" }, "INVALID_INPUT"],
  ])("%s is refused", async (_name, by, change, code) => {
    await expect(ask(by, change)).rejects.toMatchObject({ code });
    expect(await db.waiver.count()).toBe(0);
  });

  test("for the same by several at once: one request comes of it", async () => {
    const asked = await Promise.allSettled([ask("dev"), ask("ops"), ask("owner"), ask("dev")]);
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await db.waiver.count()).toBe(1);
    await ask("dev", { component: undefined });
  });
});

describe("deciding", () => {
  test("is another person's: not of who asked, nor of who raised the release order", async () => {
    await world.release(number, { environment: "PROD" });
    const own = await ask("ops");
    await expect(decide("ops", own)).rejects.toMatchObject({
      code: "BLOCKED",
      blockers: [{ code: "OWN_WAIVER", liftedBy: ["ops", "owner"] }],
    });
    await expect(decide("dev", own)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await db.release.updateMany({ where: { number }, data: { createdById: world.people.owner } });
    const other = await ask("dev", { subject: "CVE-2026-1", release: number });
    await expect(decide("owner", other)).rejects.toMatchObject({
      blockers: [{ code: "WAIVER_OWN_RELEASE" }],
    });
    expect(await list("ops", "waiting")).toEqual([other.id]);
    expect(await list("owner", "waiting")).toEqual([own.id]);
    expect(await list("dev", "waiting")).toEqual([]);
    expect(await approvalsWaiting(await world.actor("ops2"))).toBe(2);
    const granted = await decide("ops2", other);
    expect(granted).toMatchObject({
      state: "granted",
      decidedBy: { username: "ops2" },
      owner: { username: "dev" },
      release: number,
    });
    expect(await approvalsWaiting(await world.actor("ops2"))).toBe(1);
    expect(await audits(other.id)).toEqual(["waiver.ask dev", "waiver.grant ops2"]);
  });

  test("happens once, and not by who has lost the role meanwhile", async () => {
    const waiver = await ask("dev");
    await db.membership.updateMany({ where: { userId: world.people.ops2 }, data: { role: "developer" } });
    await expect(decide("ops2", waiver)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await db.membership.updateMany({ where: { userId: world.people.ops2 }, data: { role: "ops" } });
    const said = await Promise.allSettled([decide("ops", waiver), decide("ops2", waiver, "decline")]);
    expect(said.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(decide("owner", waiver)).rejects.toMatchObject({ blockers: [{ code: "WAIVER_DECIDED" }] });
    expect(await audits(waiver.id)).toHaveLength(2);
  });
});

test("the views hold what they say, and what is over cannot be decided or revoked", async () => {
  const open = await ask("dev", { subject: "scan" });
  const granted = await decide("ops", await ask("dev", { subject: "base", expiresAt: inDays(30) }));
  const ending = await decide("ops", await ask("dev", { subject: "registry", expiresAt: inDays(3) }));
  const declined = await decide("ops", await ask("dev", { subject: "severity" }), "decline");
  const lapsed = await decide("ops", await ask("dev"));
  const never = await ask("dev", { subject: "CVE-2026-2" });
  await db.waiver.updateMany({
    where: { id: { in: [lapsed.id, never.id] } },
    data: { expiresAt: new Date(Date.now() - 1000) },
  });
  const views = async () => ({
    open: await list("dev", "open"),
    granted: await list("dev", "granted"),
    ending: await list("dev", "ending"),
    ended: await list("dev", "ended"),
  });
  const expected = {
    open: [open.id],
    granted: [ending.id, granted.id],
    ending: [ending.id],
    ended: [never.id, lapsed.id, declined.id],
  };
  expect(await views()).toEqual(expected);
  await expect(decide("ops", never)).rejects.toMatchObject({ blockers: [{ facts: { waiver: "ended" } }] });
  await expect(revokeWaiver({ actor: await world.actor("ops"), id: lapsed.id })).rejects.toMatchObject({
    code: "BLOCKED",
  });
  // Two workers sweep at once: each end is written down and told once.
  await Promise.all([endLapsedWaivers(), endLapsedWaivers()]);
  expect(await views()).toEqual(expected);
  expect(await audits(lapsed.id)).toEqual(["waiver.ask dev", "waiver.grant ops", "waiver.end system"]);
  const told = await db.event.findMany({ where: { type: "waiver.ended", topic: "project:shop" } });
  expect(told).toHaveLength(2);
});

test("a plan goes through while its waiver holds, and not at its turn once it is revoked", async () => {
  await world.release(number, { environment: "PROD" });
  expect((await plan()).blockers.map(({ code }) => code)).toEqual(["IMAGE_UNSIGNED"]);
  const waiver = await ask("dev", { release: number });
  // Asked is not granted.
  expect((await plan()).blockers).toHaveLength(1);
  await decide("ops2", waiver);
  const { digest, blockers } = await plan();
  expect(blockers).toEqual([]);
  await decidePlan({ actor: await world.actor("ops2"), digest, decision: "approve", comment: "" });
  const ops = await world.actor("ops");
  const { id } = await startDeployment({ actor: ops, planDigest: digest });
  await expect(revokeWaiver({ actor: await world.actor("tester"), id: waiver.id })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
  await revokeWaiver({ actor: await world.actor("dev"), id: waiver.id });
  expect(await handleDeploymentJob(id, new AbortController().signal)).toBeNull();
  expect((await getDeployment(ops, id)).state).toBe("failed");
  expect(await getPlan(ops, digest)).toMatchObject({
    current: false,
    changedSince: [{ part: "waiver", subject: "api: signature", before: waiver.id, after: null }],
  });
});
