import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { startWorker, type Worker } from "#lib/deployments/faults/testing/worker.ts";
import { ROOT } from "#scripts/prisma/cli.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { readBuild } from "../testing/drive.ts";
import { isTrigger } from "../testing/gate.ts";
import { buildsOnServer, expectOneEnd, startBuild } from "../testing/start.ts";
import { makeWorld, type World } from "../testing/world.ts";

// kill -9 at each moment of a trigger: of the worker, and of the web process that sends what it started.

await testDatabase();
const LIMIT = 120_000;
const clicker = fileURLToPath(new URL("../testing/clicker.ts", import.meta.url));
let world: World;
const processes: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  world = await makeWorld();
});
afterEach(async () => {
  world.gate.letGo();
  await Promise.all(processes.splice(0).map((end) => end()));
});
afterAll(() => world.close());

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries > 1000) throw new Error(`waited in vain for ${what}`);
    await sleep(50);
  }
}
async function worker(): Promise<Worker> {
  const started = await startWorker();
  processes.push(() => started.kill());
  return started;
}
const asksParameters = ({ url }: { url: string }) => url.includes("parameterDefinitions");
const openGate = () => world.gate.letGo();

/** What the death of a process leaves is over: its lease, and the time in which a lost trigger may still arrive. */
async function letTimePass(id: string): Promise<void> {
  const past = new Date(Date.now() - 60_000);
  await db.lease.updateMany({ data: { expiresAt: past } });
  await db.build.updateMany({ where: { id, triggerSentAt: { not: null } }, data: { triggerSentAt: past } });
}
async function expectOneBuild(id: string, before: number): Promise<void> {
  await until("the end", async () => !["queued", "running"].includes((await readBuild(id)).state));
  expect(await readBuild(id)).toMatchObject({ state: "succeeded", artifact: { digest: expect.any(String) } });
  expect(await buildsOnServer(world, id)).toBe(1);
  expect(world.gate.triggers() - before).toBe(1);
  await expectOneEnd(id);
}

const moments = [
  ["before it sends", "before", asksParameters],
  ["while the trigger is on its way", "before", isTrigger],
  ["while the answer is on its way", "answered", isTrigger],
] as const;

test.each(moments)(
  "the worker is killed %s",
  async (_, when, matches) => {
    const before = world.gate.triggers();
    world.gate.hold(when, matches);
    const first = await worker();
    const id = await startBuild(world, "quote-api");
    await until("the worker to stand still", () => world.gate.held().length > 0);
    await first.kill();
    const { triggerSentAt, queueId } = await readBuild(id);
    expect([triggerSentAt !== null, queueId]).toEqual([matches === isTrigger, null]);
    openGate();
    await letTimePass(id);
    await worker();
    await expectOneBuild(id, before);
  },
  LIMIT,
);

test(
  "the worker is killed when the queue id is on record",
  async () => {
    const before = world.gate.triggers();
    // It stands still at the next question, whatever that is.
    world.gate.hold("before", ({ url }) => /\/queue\/|\/refract-build\/\d+\//.test(url));
    const first = await worker();
    const id = await startBuild(world, "quote-api");
    await until("the record", async () => (await readBuild(id)).queueId !== null);
    await first.kill();
    openGate();
    await letTimePass(id);
    await worker();
    await expectOneBuild(id, before);
  },
  LIMIT,
);

/** A web process that has started a build; it lives until it is killed. */
async function click(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [clicker, "dev", "quote-api"], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: "" },
    stdio: "ignore",
  });
  processes.push(() => kill(child));
  return child;
}
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
const newest = async () =>
  (await db.build.findFirst({ where: { state: "queued" }, orderBy: { id: "desc" } }))?.id ?? "";

test.each(moments)(
  "the web process that sends is killed %s",
  async (_, when, matches) => {
    const before = world.gate.triggers();
    world.gate.hold(when, matches);
    const web = await click();
    await until("the web process to stand still", () => world.gate.held().length > 0);
    // What the job declares it asks already while its transaction runs.
    await until("the click to be on record", async () => (await newest()) !== "");
    const id = await newest();
    await kill(web);
    // What the click asked for is on record in one transaction with the build: there is no moment without.
    expect(await readBuild(id)).toMatchObject({
      triggerSentAt: expect.any(Date),
      parameters: { sends: 1 },
      queueId: null,
    });
    openGate();
    await letTimePass(id);
    await worker();
    await expectOneBuild(id, before);
  },
  LIMIT,
);
