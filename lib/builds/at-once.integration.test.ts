import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { buildServerOf } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { createRelease } from "#lib/releases/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { handleBuildJob } from "./reconcile.ts";
import { setSendsAtOnce } from "./sending-process.ts";
import { drive, readBuild } from "./testing/drive.ts";
import { isTrigger } from "./testing/gate.ts";
import { expectOneEnd, startBuild } from "./testing/start.ts";
import { makeWorld, type World } from "./testing/world.ts";
import { sendReserved } from "./trigger.ts";

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld();
  setSendsAtOnce(true);
  // What the job declares is remembered.
  await drive(await startBuild(world, "quote-api"));
});
beforeEach(() => {
  world.gate.set("open");
  world.gate.answer(null);
});
afterAll(async () => {
  setSendsAtOnce(false);
  await world.close();
});

test("the click's own process sends it: no worker has looked, and the queue id is there", async () => {
  const before = world.gate.triggers();
  const id = await startBuild(world, "portal-web");
  const sent = await readBuild(id);
  expect(sent).toMatchObject({ state: "queued", queueId: expect.any(Number), parameters: { sends: 1 } });
  // What was sent is masked in the log, also when it is changed meanwhile.
  expect(sent.secretsEncrypted).not.toBeNull();
  expect((await drive(id)).state).toBe("succeeded");
  expect(world.gate.triggers() - before).toBe(1);
  await expectOneEnd(id);
});

test("an answer that is lost: the build is found, not sent again", async () => {
  const before = world.gate.triggers();
  world.gate.set("drop_trigger_answer");
  const id = await startBuild(world, "quote-api");
  expect(await readBuild(id)).toMatchObject({ queueId: null, triggerSentAt: expect.any(Date) });
  world.gate.set("open");
  expect((await drive(id)).state).toBe("succeeded");
  expect(world.gate.triggers() - before).toBe(1);
  await expectOneEnd(id);
});

test("a refusal that mends itself is no send: the worker sends it later", async () => {
  const before = world.gate.triggers();
  const body = "<html>Please wait while Jenkins is getting ready to work ...</html>";
  world.gate.answer({ status: 503, body }, isTrigger);
  const id = await startBuild(world, "quote-api");
  expect(await readBuild(id)).toMatchObject({
    triggerSentAt: null,
    queueWhy: "STARTING",
    parameters: { sends: 0 },
  });
  world.gate.answer(null);
  expect((await drive(id)).state).toBe("succeeded");
  expect(world.gate.triggers() - before).toBe(1);
});

test("a refusal that does not mend itself ends it at once", async () => {
  world.gate.answer({ status: 403, body: "", headers: { "x-required-permission": "Job/Build" } }, isTrigger);
  const id = await startBuild(world, "quote-api");
  const build = await readBuild(id);
  expect(build).toMatchObject({ state: "failed", cause: { code: "PERMISSION_MISSING" } });
  expect(build.item.release.state).toBe("build_failed");
  await expectOneEnd(id);
});

test("the project's cap holds for clicks that meet: the rest is left to the worker", async () => {
  await db.project.update({ where: { id: world.project.id }, data: { maxBuilds: 2 } });
  try {
    const before = world.gate.triggers();
    const actor = await world.actor("dev");
    const items = [{ component: "quote-api", ref: "main" }];
    const clicks = Array.from({ length: 5 }, (_, n) =>
      createRelease({ actor, project: "quotes", title: `${n}`, description: "", items, build: true }),
    );
    const ids = (await Promise.all(clicks)).flatMap(({ items: made }) => made[0]?.build?.id ?? []);
    const sent = (await Promise.all(ids.map(readBuild))).filter(
      ({ triggerSentAt }) => triggerSentAt !== null,
    );
    expect(sent).toHaveLength(2);
    expect(world.gate.triggers() - before).toBe(2);
    await Promise.all(ids.map((id) => drive(id)));
    expect(world.gate.triggers() - before).toBe(5);
    for (const id of ids) await expectOneEnd(id);
  } finally {
    await db.project.update({ where: { id: world.project.id }, data: { maxBuilds: null } });
  }
});

test("whoever stood still for too long sends nothing, whatever is on record", async () => {
  const before = world.gate.triggers();
  setSendsAtOnce(false);
  const id = await startBuild(world, "quote-api");
  setSendsAtOnce(true);
  const at = new Date();
  const server = await db.buildServer.findUniqueOrThrow({ where: { key: "main" } });
  await db.build.update({ where: { id }, data: { triggerSentAt: at } });
  const stored = { values: {}, secrets: [], sends: 1, dropped: [] };
  const late = { id, server, at, before: performance.now() - 1, parameters: stored, sent: {} };
  await sendReserved(late, buildServerOf(server));
  expect(world.gate.triggers()).toBe(before);
  await db.build.update({ where: { id }, data: { triggerSentAt: null } });
  await handleBuildJob(id, new AbortController().signal);
  expect((await drive(id)).state).toBe("succeeded");
  expect(world.gate.triggers() - before).toBe(1);
});
