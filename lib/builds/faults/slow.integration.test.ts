import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#scripts/testing/database.ts";
import { handleBuildJob } from "../reconcile.ts";
import { abortBuild } from "../service.ts";
import { drive, readBuild } from "../testing/drive.ts";
import { isTrigger } from "../testing/gate.ts";
import { buildsOnServer, expectOneEnd, startBuild } from "../testing/start.ts";
import { makeWorld, type World } from "../testing/world.ts";

// A build server that takes a request and answers nothing until the portal gives up (20 s): each in one test, so that
// they wait side by side.

await testDatabase();
const LIMIT = 120_000;
let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.close());

const look = (id: string) => handleBuildJob(id, new AbortController().signal);

test(
  "no answer to the trigger, to a look, to the log, for the result file: it says so, and there is one build",
  async () => {
    const before = world.gate.triggers();
    const ids = { looked: "", logged: "", ended: "", sent: "" };
    for (const stage of ["looked", "logged", "ended"] as const) {
      ids[stage] = await startBuild(world, "quote-api");
      // Seen as running, and not looked at since: there is something left to be asked at each stage.
      await drive(ids[stage], ({ state }) => state === "running");
    }
    const numberOf = async (id: string) => (await readBuild(id)).number;
    const [looked, logged, ended] = await Promise.all([ids.looked, ids.logged, ids.ended].map(numberOf));
    ids.sent = await startBuild(world, "quote-api");
    world.gate.hold("answered", isTrigger);
    world.gate.hold("before", ({ url }) => url.includes(`/${looked}/api/json`));
    world.gate.hold("before", ({ url }) => new RegExp(`/${logged}/(logText|consoleText)`).test(url));
    world.gate.hold("before", ({ url }) => url.includes(`/${ended}/artifact/`));
    const givenUp = (id: string) => drive(id, ({ queueWhy }) => queueWhy === "UNREACHABLE");
    const waits = await Promise.all(Object.values(ids).map(givenUp));
    expect(waits.map(({ state }) => state)).toEqual(["running", "running", "running", "queued"]);
    expect(waits.map(({ artifact }) => artifact)).toEqual([null, null, null, null]);
    expect(waits.at(-1)?.queueReason).toContain("no answer in time");
    world.gate.letGo();
    for (const id of Object.values(ids)) {
      expect((await drive(id)).state).toBe("succeeded");
      expect(await buildsOnServer(world, id)).toBe(1);
      await expectOneEnd(id);
    }
    expect(world.gate.triggers() - before).toBe(4);
  },
  LIMIT,
);

test(
  "an abort that is not answered is asked again, and the build ends once",
  async () => {
    const id = await startBuild(world, "slow-api");
    await drive(id, ({ state }) => state === "running");
    await abortBuild({ actor: await world.actor("dev"), id });
    // It is stopped, and the answer is cut off.
    world.gate.hold("answered", ({ url }) => url.endsWith("/stop"));
    const looking = look(id);
    while (world.gate.held().length === 0) await sleep(20);
    world.gate.letGo();
    await looking;
    expect(await drive(id)).toMatchObject({ state: "aborted", cause: { code: "ABORTED_BY_PERSON" } });
    await expectOneEnd(id);
  },
  LIMIT,
);
