import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { getProject } from "#lib/projects/queries.ts";
import { updateProject } from "#lib/projects/service.ts";
import { createRelease } from "#lib/releases/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { getBuild } from "./queries.ts";
import { handleBuildJob } from "./reconcile.ts";
import { abortBuild } from "./service.ts";
import { drive, readBuild } from "./testing/drive.ts";
import { makeWorld, type World } from "./testing/world.ts";

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
beforeEach(() => world.gate.set("open"));
afterAll(() => world.close());

const look = (id: string) => handleBuildJob(id, new AbortController().signal);
async function start(...components: string[]): Promise<{ release: string; ids: string[] }> {
  const actor = await world.actor("dev");
  const items = components.map((component) => ({ component, ref: "main" }));
  const input = { actor, project: "quotes", title: "x", description: "", items, build: true };
  const { number, items: made } = await createRelease(input);
  const ids = components.flatMap(
    (component) => made.find((item) => item.component === component)?.build?.id ?? [],
  );
  return { release: number, ids };
}
async function set(rules: { maxBuilds?: number | null; supersedeQueuedBuilds?: boolean }): Promise<void> {
  const actor = await world.actor("owner");
  const { version } = await getProject(actor, "quotes");
  await updateProject({ actor, project: "quotes", version, ...rules });
}
async function abort(id: string): Promise<void> {
  await abortBuild({ actor: await world.actor("dev"), id });
  await drive(id);
}
const endsOf = (id: string) =>
  db.event.count({ where: { topic: `build:${id}`, type: { in: ["build.aborted", "build.succeeded"] } } });

test("owners alone set the rules, and the audit says what they were", async () => {
  const developer = await world.actor("dev");
  const { version } = await getProject(developer, "quotes");
  await expect(
    updateProject({ actor: developer, project: "quotes", version, supersedeQueuedBuilds: true }),
  ).rejects.toMatchObject({ code: "FORBIDDEN" });
  await set({ supersedeQueuedBuilds: true, maxBuilds: 1 });
  expect(await getProject(developer, "quotes")).toMatchObject({ supersedeQueuedBuilds: true, maxBuilds: 1 });
  const entry = await db.auditEntry.findFirstOrThrow({
    where: { action: "project.update" },
    orderBy: { seq: "desc" },
  });
  expect(entry.data).toMatchObject({
    before: { supersedeQueuedBuilds: false, maxBuilds: null },
    after: { supersedeQueuedBuilds: true, maxBuilds: 1 },
  });
});

test("what waits for a slot gives way to a newer build of the same component; what runs does not", async () => {
  const { ids } = await start("slow-api");
  const [runs = ""] = ids;
  await drive(runs, ({ state }) => state === "running");
  const before = world.gate.triggers();
  const older = await start("slow-api", "quote-api");
  const [waits = "", other = ""] = older.ids;
  await look(waits);
  expect(await readBuild(waits)).toMatchObject({ state: "queued", queueWhy: "PROJECT_CAP" });
  const newer = await start("slow-api");
  const [newest = ""] = newer.ids;
  expect(await look(waits)).toBeNull();
  const dto = await getBuild(await world.actor("dev"), waits);
  expect(dto).toMatchObject({
    state: "aborted",
    cause: { code: "SUPERSEDED", facts: { build: newest, release: newer.release } },
  });
  expect(await endsOf(waits)).toBe(1);
  expect(world.gate.triggers()).toBe(before);
  // Of another component, and what runs: left alone.
  expect(await readBuild(other)).toMatchObject({ state: "queued", supersededById: null });
  await look(runs);
  expect(await readBuild(runs)).toMatchObject({ state: "running", supersededById: null });
  await abort(runs);
  expect((await drive(other)).state).toBe("succeeded");
  // Its release goes on by the usual rules: the rest is built, this item is not.
  expect((await readBuild(waits)).item.release.state).toBe("build_failed");
  await drive(newest, ({ state }) => state === "running");
  await abort(newest);
});

test("what waits in the build server's queue is taken out of it", async () => {
  await set({ maxBuilds: null });
  const busy: string[] = [];
  for (const _ of [1, 2]) {
    const [id = ""] = (await start("slow-api")).ids;
    await drive(id, ({ state }) => state === "running");
    busy.push(id);
  }
  const [waits = ""] = (await start("quote-api")).ids;
  const queued = await drive(waits, ({ queueId }) => queueId !== null);
  expect(queued).toMatchObject({ state: "queued", number: null });
  const newer = await start("quote-api");
  expect(await drive(waits)).toMatchObject({ state: "aborted", cause: { code: "SUPERSEDED" } });
  const left = await fetch(`${world.gate.url}/queue/item/${queued.queueId}/api/json`, {
    headers: { authorization: `Basic ${Buffer.from("admin:test-token").toString("base64")}` },
  });
  expect(await left.json()).toMatchObject({ cancelled: true });
  for (const id of busy) await abort(id);
  expect((await drive(newer.ids[0] ?? "")).state).toBe("succeeded");
  expect(await endsOf(waits)).toBe(1);
});

test("without the rule each is built in its turn", async () => {
  await set({ supersedeQueuedBuilds: false, maxBuilds: 1 });
  const [first = ""] = (await start("quote-api")).ids;
  const [second = ""] = (await start("quote-api")).ids;
  expect((await readBuild(first)).supersededById).toBeNull();
  expect((await drive(first)).state).toBe("succeeded");
  expect((await drive(second)).state).toBe("succeeded");
  await set({ maxBuilds: null });
});
