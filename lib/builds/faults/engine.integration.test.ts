import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { getBuild } from "../queries.ts";
import { handleBuildJob } from "../reconcile.ts";
import { abortBuild } from "../service.ts";
import { drive, readBuild } from "../testing/drive.ts";
import { expectOneEnd, startBuild as start } from "../testing/start.ts";
import { makeWorld, type World } from "../testing/world.ts";

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
beforeEach(() => world.gate.set("open"));
afterAll(() => world.close());

const JENKINS = { authorization: `Basic ${Buffer.from("admin:test-token").toString("base64")}` };
const onJenkins = (path: string) => fetch(`${world.gate.url}${path}`, { method: "POST", headers: JENKINS });
const look = (id: string) => handleBuildJob(id, new AbortController().signal);
const server = (data: Parameters<typeof db.buildServer.update>[0]["data"]) =>
  db.buildServer.update({ where: { key: "main" }, data });

const startBuild = (component: string) => start(world, component);

test("two workers at once: one trigger, one build, one end", async () => {
  const before = world.gate.triggers();
  const id = await startBuild("quote-api");
  await Promise.all([look(id), look(id), look(id)]);
  const [build] = await Promise.all([drive(id), drive(id)]);
  expect(build.state).toBe("succeeded");
  expect(world.gate.triggers() - before).toBe(1);
  await expectOneEnd(id);
});

test("a disabled job takes no build: it fails at once and says who can mend it", async () => {
  await onJenkins("/job/refract-build/disable");
  try {
    const id = await startBuild("quote-api");
    const build = await drive(id);
    expect(build).toMatchObject({
      state: "failed",
      cause: { code: "JOB_DISABLED", facts: { server: "main" } },
    });
    expect(build.item.release.state).toBe("build_failed");
    await expectOneEnd(id);
  } finally {
    await onJenkins("/job/refract-build/enable");
  }
});

test("a job that is not there, and a credential that is no more: each with its own cause", async () => {
  const { jobName, username } = await db.buildServer.findUniqueOrThrow({ where: { key: "main" } });
  const missing = await startBuild("quote-api");
  await server({ jobName: "elsewhere" });
  expect(await drive(missing)).toMatchObject({ state: "failed", cause: { code: "JOB_MISSING" } });
  const revoked = await startBuild("quote-api");
  await server({ jobName, username: "nobody" });
  expect(await drive(revoked)).toMatchObject({ state: "failed", cause: { code: "CREDENTIAL_REFUSED" } });
  await server({ username });
  await expectOneEnd(missing);
  await expectOneEnd(revoked);
});

test("a credential that is revoked while it builds decides nothing; it goes on when it is back", async () => {
  const { username } = await db.buildServer.findUniqueOrThrow({ where: { key: "main" } });
  const id = await startBuild("quote-api");
  await drive(id, ({ state }) => state === "running");
  await server({ username: "nobody" });
  await look(id);
  expect(await readBuild(id)).toMatchObject({ state: "running", queueWhy: "UNAUTHORIZED" });
  await server({ username });
  expect((await drive(id)).state).toBe("succeeded");
  await expectOneEnd(id);
});

test("a build server that is disabled here: a new build is refused, one that was not sent waits", async () => {
  const id = await startBuild("quote-api");
  const before = world.gate.triggers();
  await server({ disabledAt: new Date() });
  try {
    await look(id);
    expect(await readBuild(id)).toMatchObject({ state: "queued", queueWhy: "SERVER_DISABLED" });
    expect(world.gate.triggers()).toBe(before);
    await expect(startBuild("quote-api")).rejects.toMatchObject({
      code: "BLOCKED",
      blockers: [{ code: "BUILD_SERVER_DISABLED", liftedBy: ["admin"] }],
    });
  } finally {
    await server({ disabledAt: null });
  }
  expect((await drive(id)).state).toBe("succeeded");
});

test("aborted from Jenkins' own page, while it waits and while it runs", async () => {
  const id = await startBuild("slow-api");
  const { number } = await drive(id, ({ state }) => state === "running");
  await onJenkins(`/job/refract-build/${number}/stop`);
  const build = await drive(id);
  expect(build).toMatchObject({ state: "aborted", cause: { code: "ABORTED_ON_SERVER" } });
  await expectOneEnd(id);
});

test("the project's cap: the rest waits here in order, and no two workers exceed it", async () => {
  await db.project.update({ where: { id: world.project.id }, data: { maxBuilds: 1 } });
  try {
    const before = world.gate.triggers();
    const ids: string[] = [];
    for (const _ of [1, 2, 3]) ids.push(await startBuild("slow-api"));
    const [first = "", second = "", third = ""] = ids;
    await Promise.all([look(third), look(second), look(first), look(third)]);
    await look(first);
    expect(world.gate.triggers() - before).toBe(1);
    expect(await readBuild(first)).toMatchObject({ triggerSentAt: expect.any(Date) });
    await look(third);
    const dto = await getBuild(await world.actor("dev"), third);
    expect(dto).toMatchObject({ state: "queued", queueWhy: "PROJECT_CAP", queueAhead: 1 });
    const actor = await world.actor("dev");
    await abortBuild({ actor, id: first });
    await drive(first);
    // The one that was there before goes first, whoever is looked at first.
    await look(third);
    expect(world.gate.triggers() - before).toBe(1);
    await look(second);
    expect(world.gate.triggers() - before).toBe(2);
    for (const id of [second, third]) {
      await abortBuild({ actor, id });
      await drive(id);
      await expectOneEnd(id);
    }
    expect(world.gate.triggers() - before).toBe(2);
  } finally {
    await db.project.update({ where: { id: world.project.id }, data: { maxBuilds: null } });
  }
});

test("an item that expired while no worker looked: the build is found by its attempt", async () => {
  const before = world.gate.triggers();
  const id = await startBuild("quote-api");
  await look(id);
  await db.build.update({ where: { id }, data: { queueId: 99_999 } });
  expect((await drive(id)).state).toBe("succeeded");
  expect(world.gate.triggers() - before).toBe(1);
  await expectOneEnd(id);
});

test("a label chooses the server, and the build stays where it was sent", async () => {
  const main = await server({ labels: ["node"] });
  const { id: _, ...copy } = main;
  const other = await db.buildServer.create({
    data: {
      ...copy,
      checkResult: undefined,
      key: "other",
      name: "other",
      labels: ["windows"],
      url: "http://127.0.0.1:1",
    },
  });
  const where = { projectId_key: { projectId: world.project.id, key: "quote-api" } };
  await db.component.update({ where, data: { buildServerId: other.id, buildLabel: "node" } });
  const id = await startBuild("quote-api");
  await db.component.update({ where, data: { buildLabel: "" } });
  const build = await drive(id);
  expect(build).toMatchObject({ state: "succeeded", buildServerId: main.id });
  await db.component.update({ where, data: { buildServerId: main.id } });
});
