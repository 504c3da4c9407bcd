import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { handleBuildJob } from "../reconcile.ts";
import { abortBuild } from "../service.ts";
import { drive, readBuild } from "../testing/drive.ts";
import { startBuild as start } from "../testing/start.ts";
import { makeWorld, type World } from "../testing/world.ts";

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
beforeEach(() => {
  world.gate.set("open");
  world.gate.answer(null);
});
afterAll(() => world.close());

const JENKINS = { authorization: `Basic ${Buffer.from("admin:test-token").toString("base64")}` };
const onJenkins = (path: string) => fetch(`${world.gate.url}${path}`, { method: "POST", headers: JENKINS });
const look = (id: string) => handleBuildJob(id, new AbortController().signal);

const startBuild = (component: string) => start(world, component);
/** Runs, and has been told so. */
const running = (id: string) => drive(id, ({ state }) => state === "running");
async function abort(id: string): Promise<void> {
  await abortBuild({ actor: await world.actor("dev"), id });
  await drive(id);
}
async function endsOf(id: string): Promise<string[]> {
  const ends = ["succeeded", "failed", "aborted", "unknown"].map((state) => `build.${state}`);
  const events = await db.event.findMany({ where: { topic: `build:${id}`, type: { in: ends } } });
  return events.map(({ type }) => type);
}

test("restarted between queue and build: the item is found again, one build", async () => {
  const busy = [await startBuild("slow-api"), await startBuild("slow-api")];
  for (const id of busy) await running(id);
  const before = world.gate.triggers();
  const id = await startBuild("quote-api");
  await drive(
    id,
    ({ queueWhy }) => queueWhy === "BUILDABLE" || queueWhy === "STUCK" || queueWhy === "BLOCKED",
  );
  await world.restartJenkins(async () => {
    await look(id);
    expect(await readBuild(id)).toMatchObject({ state: "queued", queueWhy: "UNREACHABLE" });
  });
  expect((await drive(id)).state).toBe("succeeded");
  expect(world.gate.triggers() - before).toBe(1);
  expect(await endsOf(id)).toEqual(["build.succeeded"]);
  for (const other of busy) await drive(other);
});

test("restarted while it builds: a freestyle build is lost, and nobody guesses", async () => {
  const id = await startBuild("slow-api");
  await running(id);
  await world.restartJenkins(async () => {
    await look(id);
    expect(await readBuild(id)).toMatchObject({ state: "running", queueWhy: "UNREACHABLE" });
  });
  const build = await drive(id);
  expect(build).toMatchObject({ state: "unknown", cause: { code: "BUILD_RECORD_DELETED" }, artifact: null });
  expect(build.item.release.state).toBe("build_failed");
  expect(await endsOf(id)).toEqual(["build.unknown"]);
});

test("the record is deleted while nobody looks: unknown, and a person decides", async () => {
  const id = await startBuild("quote-api");
  const { number } = await running(id);
  for (;;) {
    const answer = await fetch(`${world.gate.url}/job/refract-build/${number}/api/json`, {
      headers: JENKINS,
    });
    if ((await answer.text()).includes('"building":false')) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await world.restartJenkins((builds) => rm(join(builds, String(number)), { recursive: true }));
  const build = await drive(id);
  expect(build).toMatchObject({ state: "unknown", cause: { code: "BUILD_RECORD_DELETED" }, artifact: null });
  expect(await endsOf(id)).toEqual(["build.unknown"]);
});

test("quiet-down: what is asked for waits and says why, and goes on when it is over", async () => {
  await onJenkins("/quietDown");
  const id = await startBuild("quote-api");
  await drive(id, ({ queueWhy }) => queueWhy === "SHUTTING_DOWN");
  await onJenkins("/cancelQuietDown");
  expect((await drive(id)).state).toBe("succeeded");
  expect(await endsOf(id)).toEqual(["build.succeeded"]);
});

const STARTING = "<html><body>Please wait while Jenkins is getting ready to work ...</body></html>";
test.each([
  [429, "<html>slow down</html>", "THROTTLED"],
  [500, "<html>Oops!</html>", "BROKEN"],
  [502, "<html>Bad Gateway</html>", "BROKEN"],
  [503, STARTING, "STARTING"],
] as const)(
  "%i to everything, in each step: it waits, decides nothing and goes on",
  async (status, body, why) => {
    const before = world.gate.triggers();
    const id = await startBuild("quote-api");
    // Before the trigger, while the job is asked what it declares; in the queue or while it builds; at its end.
    for (const until of ["queued", "sent", "running"] as const) {
      if (until === "sent") {
        // A 5xx leaves open whether a trigger arrived: it is searched for until it surely did not.
        const sent = { id, triggerSentAt: { not: null } };
        await db.build.updateMany({ where: sent, data: { triggerSentAt: new Date(Date.now() - 60_000) } });
        await drive(id, ({ queueId }) => queueId !== null);
      }
      if (until === "running") await running(id);
      const { state } = await readBuild(id);
      world.gate.answer({ status, body });
      await look(id);
      expect(await readBuild(id)).toMatchObject({ state, queueWhy: why, artifact: null });
      world.gate.answer(null);
    }
    expect((await drive(id)).state).toBe("succeeded");
    expect(world.gate.triggers() - before).toBe(1);
    expect(await endsOf(id)).toEqual(["build.succeeded"]);
  },
);

test("a page where data was expected decides nothing while it builds", async () => {
  const id = await startBuild("slow-api");
  await running(id);
  world.gate.answer({ status: 200, body: "<html><body>maintenance</body></html>" });
  await look(id);
  expect(await readBuild(id)).toMatchObject({ state: "running", queueWhy: "BROKEN" });
  world.gate.answer(null);
  await abort(id);
  expect(await endsOf(id)).toEqual(["build.aborted"]);
});
