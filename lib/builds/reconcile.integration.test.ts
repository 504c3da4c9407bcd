import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { getRelease } from "#lib/releases/queries.ts";
import { buildRelease, createRelease } from "#lib/releases/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { getBuild } from "./queries.ts";
import { handleBuildJob, unfinishedBuilds } from "./reconcile.ts";
import { abortBuild, acceptArtifact, rebuild } from "./service.ts";
import { readLog } from "./stored-log.ts";
import { drive, readBuild } from "./testing/drive.ts";
import { makeWorld, SECRET, type World } from "./testing/world.ts";

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
beforeEach(() => world.gate.set("open"));
afterAll(() => world.close());

async function startBuild(component: string): Promise<{ number: string; buildId: string }> {
  const actor = await world.actor("dev");
  const release = await createRelease({
    actor,
    project: "quotes",
    title: component,
    description: "",
    items: [{ component, ref: "main" }],
    build: true,
  });
  const buildId = release.items[0]?.build?.id;
  if (!buildId) throw new Error("no build");
  return { number: release.number, buildId };
}
const look = (buildId: string) => handleBuildJob(buildId, new AbortController().signal);
const logText = async (id: string) => (await readLog(await world.actor("dev"), { id, offset: 0 })).text();
const events = async (topic: string) =>
  (await db.event.findMany({ where: { topic }, orderBy: { seq: "asc" } })).map(({ type }) => type);
/** Time passes for the lost trigger only. */
const ageTrigger = (id: string) =>
  db.build.update({ where: { id }, data: { triggerSentAt: new Date(Date.now() - 60_000) } });

test("a build becomes an artifact with the registry's digest, and the release is built", async () => {
  const { number, buildId } = await startBuild("portal-web");
  expect(await unfinishedBuilds()).toContain(buildId);
  const build = await drive(buildId);
  expect(build.state).toBe("succeeded");
  expect(build.artifact).toMatchObject({ source: "build", commit: build.item.commit });
  const host = new URL(world.registryUrl).host;
  expect(build.artifact?.image).toBe(`${host}/quotes/portal-web:${number}`);
  const manifest = await fetch(`${world.registryUrl}/v2/quotes/portal-web/manifests/${number}`, {
    method: "HEAD",
    headers: {
      accept:
        "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json",
    },
  });
  expect(manifest.headers.get("docker-content-digest")).toBe(build.artifact?.digest);
  expect(build.item.release.state).toBe("built");
  const types = await events(`release:${number}`);
  for (const [index, type] of ["release.created", "build.queued", "release.building"].entries()) {
    expect(types[index]).toBe(type);
  }
  expect(types.filter((type) => /^build\.(running|succeeded)$|^release\.built$/.test(type))).toEqual([
    "build.running",
    "build.succeeded",
    "release.built",
  ]);
  expect(await unfinishedBuilds()).not.toContain(buildId);
});

test("the log is complete, can be read from any offset it named, and shows no secret", async () => {
  const build = await db.build.findFirstOrThrow({
    where: { state: "succeeded", item: { component: { key: "portal-web" } } },
  });
  const text = await logText(build.id);
  expect(text).toContain("token is ****");
  expect(text).toContain("Finished: SUCCESS");
  const actor = await world.actor("tester");
  const middle = Math.floor(Buffer.byteLength(text) / 2);
  const rest = await readLog(actor, { id: build.id, offset: middle });
  expect(rest.headers.get("x-log-offset")).toBe(String(Buffer.byteLength(text)));
  expect(rest.headers.get("x-log-complete")).toBe("true");
  expect(Buffer.from(await rest.arrayBuffer()).equals(Buffer.from(text).subarray(middle))).toBe(true);
  const file = await readLog(actor, { id: build.id });
  expect(await file.text()).toBe(text);
});

test("no secret is in any row, event or audit entry", async () => {
  const texts = await db.$queryRaw<{ text: string }[]>`
    SELECT parameters::text AS text FROM "Build" UNION ALL SELECT data::text FROM "Event"
    UNION ALL SELECT data::text FROM "AuditEntry"`;
  expect(texts.length).toBeGreaterThan(5);
  expect(texts.some(({ text }) => text.includes(SECRET))).toBe(false);
  const build = await db.build.findFirstOrThrow({ select: { id: true } });
  expect((await getBuild(await world.actor("dev"), build.id)).secrets).toEqual([
    { name: "DEPLOY_TOKEN", version: 1 },
  ]);
});

test("a failed build says why in one line, and the release has failed", async () => {
  const { number, buildId } = await startBuild("fails-api");
  const build = await drive(buildId);
  expect(build.state).toBe("failed");
  expect(build.cause).toMatchObject({
    code: "BUILD_FAILED",
    facts: { line: expect.stringMatching(/linker|exit/i) },
  });
  expect((await getRelease(await world.actor("dev"), number)).state).toBe("build_failed");
});

test("building again takes where the ref points now; a rebuild keeps the commit", async () => {
  const actor = await world.actor("dev");
  const failed = await db.build.findFirstOrThrow({
    where: { state: "failed" },
    include: { item: { include: { release: true } } },
  });
  const again = await rebuild({ actor, id: failed.id });
  expect(again).toMatchObject({ attempt: 2, state: "queued", commit: failed.item.commit });
  expect(again.attempts.map(({ attempt }) => attempt)).toEqual([2, 1]);
  expect((await getRelease(actor, failed.item.release.number)).state).toBe("building");
  await expect(rebuild({ actor, id: failed.id })).rejects.toMatchObject({ code: "BLOCKED" });
  expect((await drive(again.id)).state).toBe("failed");
  const third = await buildRelease({ actor, number: failed.item.release.number });
  expect(third.items[0]?.build).toMatchObject({ attempt: 3, state: "queued" });
  await drive(third.items[0]?.build?.id ?? "");
});

test("an answer lost after the trigger: the build is found again, not started twice", async () => {
  const before = world.gate.triggers();
  const { buildId } = await startBuild("quote-api");
  world.gate.set("drop_trigger_answer");
  await look(buildId);
  expect(await readBuild(buildId)).toMatchObject({ state: "queued", queueId: null });
  world.gate.set("open");
  const build = await drive(buildId);
  expect(build.state).toBe("succeeded");
  expect(world.gate.triggers() - before).toBe(1);
});

test("a request that never arrived is sent once more with the same attempt id", async () => {
  const before = world.gate.triggers();
  const { buildId } = await startBuild("quote-api");
  const { attemptId } = await readBuild(buildId);
  world.gate.set("drop_trigger");
  await look(buildId);
  world.gate.set("open");
  // Not yet: it may be on its way.
  await look(buildId);
  expect((await readBuild(buildId)).queueId).toBeNull();
  expect(world.gate.triggers()).toBe(before);
  await ageTrigger(buildId);
  const build = await drive(buildId);
  expect(build).toMatchObject({ state: "succeeded", attemptId });
  expect(world.gate.triggers() - before).toBe(1);
});

test("lost twice: nobody guesses, a person decides", async () => {
  const { number, buildId } = await startBuild("quote-api");
  world.gate.set("drop_trigger");
  await look(buildId);
  for (const _ of [1, 2]) {
    world.gate.set("open");
    await ageTrigger(buildId);
    world.gate.set("drop_trigger");
    await look(buildId);
    await look(buildId);
  }
  const build = await readBuild(buildId);
  expect(build).toMatchObject({ state: "unknown", cause: { code: "TRIGGER_LOST" } });
  expect(build.item.release.state).toBe("build_failed");
  const actor = await world.actor("dev");
  await expect(acceptArtifact({ actor, id: buildId })).rejects.toMatchObject({
    code: "BLOCKED",
    blockers: [{ code: "IMAGE_MISSING" }],
  });
  expect((await getRelease(actor, number)).actions.map(({ action }) => action)).toContain("build");
});

test("a worker killed between the trigger and its record: the next one finds the build", async () => {
  const before = world.gate.triggers();
  const { buildId } = await startBuild("quote-api");
  await look(buildId);
  // What the first worker did not come to write.
  await db.build.update({ where: { id: buildId }, data: { queueId: null } });
  expect((await drive(buildId)).state).toBe("succeeded");
  expect(world.gate.triggers() - before).toBe(1);
});

test("Jenkins away for a while, before the trigger and while it builds: it says so and goes on", async () => {
  const { number, buildId } = await startBuild("quote-api");
  world.gate.set("down");
  await look(buildId);
  await look(buildId);
  expect((await readBuild(buildId)).queueWhy).toBe("UNREACHABLE");
  expect((await getRelease(await world.actor("dev"), number)).state).toBe("building");
  world.gate.set("open");
  await ageTrigger(buildId);
  await drive(buildId, ({ state }) => state === "running");
  world.gate.set("down");
  await look(buildId);
  expect(await readBuild(buildId)).toMatchObject({
    state: "running",
    queueWhy: "UNREACHABLE",
  });
  world.gate.set("open");
  expect(await drive(buildId)).toMatchObject({ state: "succeeded", queueWhy: null, queueReason: null });
});

test("a build server that refuses the connection was not reached: nothing counts as sent", async () => {
  const { buildId } = await startBuild("quote-api");
  const { url } = await db.buildServer.findUniqueOrThrow({ where: { key: "main" } });
  await db.buildServer.update({ where: { key: "main" }, data: { url: "http://127.0.0.1:1" } });
  await look(buildId);
  await db.buildServer.update({ where: { key: "main" }, data: { url } });
  expect(await readBuild(buildId)).toMatchObject({ triggerSentAt: null, parameters: { sends: 0 } });
  expect((await drive(buildId)).state).toBe("succeeded");
});

test("abort of a running build names who asked, and the log of what ran is kept", async () => {
  const actor = await world.actor("dev");
  const { buildId } = await startBuild("slow-api");
  const started = async () => (await logText(buildId)).includes("started");
  for (let seen = false; !seen; seen = await started())
    await drive(buildId, ({ logOffset }) => logOffset > 0);
  await abortBuild({ actor, id: buildId });
  const build = await drive(buildId);
  expect(build).toMatchObject({
    state: "aborted",
    cause: { code: "ABORTED_BY_PERSON", facts: { by: "dev 测试" } },
  });
  expect(build.item.release.state).toBe("build_failed");
  await expect(abortBuild({ actor, id: buildId })).rejects.toMatchObject({ code: "INVALID_STATE" });
});

test("abort of a build that waits in the queue", async () => {
  const actor = await world.actor("dev");
  const busy = [await startBuild("slow-api"), await startBuild("slow-api")];
  for (const { buildId } of busy) await drive(buildId, ({ state }) => state === "running");
  const { buildId } = await startBuild("slow-api");
  const waiting = await drive(buildId, ({ queueReason }) => queueReason !== null);
  expect(waiting.state).toBe("queued");
  await abortBuild({ actor, id: buildId });
  expect(await drive(buildId)).toMatchObject({ state: "aborted", startedAt: null });
  for (const { buildId } of busy) {
    await abortBuild({ actor, id: buildId });
    await drive(buildId);
  }
});

test("who lost the right since the click builds nothing", async () => {
  const { buildId } = await startBuild("quote-api");
  const before = world.gate.triggers();
  const member = { userId: (await world.actor("dev")).id, projectId: world.project.id };
  await db.membership.deleteMany({ where: member });
  try {
    expect(await drive(buildId)).toMatchObject({ state: "aborted", cause: { code: "RIGHT_REVOKED" } });
    expect(world.gate.triggers()).toBe(before);
  } finally {
    await db.membership.create({ data: { ...member, role: "developer" } });
  }
});

test("a record that Jenkins deleted: unknown, until a person accepts what the registry has", async () => {
  const actor = await world.actor("dev");
  const { number, buildId } = await startBuild("quote-api");
  const running = await drive(buildId, ({ state }) => state === "running");
  // What the portal asks for is nowhere on the server, neither by its number nor by its attempt.
  await db.build.update({ where: { id: buildId }, data: { number: 9999, attemptId: crypto.randomUUID() } });
  expect(await drive(buildId)).toMatchObject({ state: "unknown", cause: { code: "BUILD_RECORD_DELETED" } });
  // The build itself goes on and pushes its image.
  for (;;) {
    const found = await fetch(`${world.registryUrl}/v2/quotes/quote-api/tags/list`);
    if ((await found.text()).includes(number)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const wrong = `sha256:${"0".repeat(64)}`;
  await expect(acceptArtifact({ actor, id: buildId, digest: wrong })).rejects.toMatchObject({
    blockers: [{ code: "DIGEST_DIFFERS" }],
  });
  const accepted = await acceptArtifact({ actor, id: buildId });
  expect(accepted).toMatchObject({ state: "succeeded", artifact: { source: "person" }, number: 9999 });
  expect(running.item.commit).toBe(accepted.commit);
  expect((await getRelease(actor, number)).state).toBe("built");
});

test("the usual duration is the median of earlier successes", async () => {
  const { buildId } = await startBuild("quote-api");
  const { usualMs } = await readBuild(buildId);
  expect(usualMs).toBeGreaterThan(0);
  await abortBuild({ actor: await world.actor("dev"), id: buildId });
  await drive(buildId);
});

test("people who may not: a stranger sees nothing, a tester may look only", async () => {
  const { id } = await db.build.findFirstOrThrow({ where: { state: "failed" } });
  await expect(getBuild(await world.actor("stranger"), id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  const tester = await world.actor("tester");
  expect((await getBuild(tester, id)).actions).toEqual([]);
  await expect(rebuild({ actor: tester, id })).rejects.toMatchObject({ code: "FORBIDDEN" });
});
