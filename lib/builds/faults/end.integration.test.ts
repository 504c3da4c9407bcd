import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { handleBuildJob } from "../reconcile.ts";
import { drive, readBuild } from "../testing/drive.ts";
import { buildsOnServer, expectOneEnd, startBuild } from "../testing/start.ts";
import { makeWorld, type World } from "../testing/world.ts";

// What can go wrong between the end of a build and its artifact: nothing of it may look like a success.

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterEach(() => world.gate.answer(null));
afterAll(() => world.close());

const isResult = ({ url }: { url: string }) => url.includes("refract-result.json");
const isFinal = (state: string) => state !== "queued" && state !== "running";
const look = (id: string) => handleBuildJob(id, new AbortController().signal);

/** Drives a build up to its end with the result file answered so. */
async function endWith(status: number, body: string, headers: Record<string, string> = {}) {
  world.gate.answer({ status, body, headers }, isResult);
  const id = await startBuild(world, "quote-api");
  const build = await drive(
    id,
    ({ logComplete, queueWhy, state }) => isFinal(state) || (logComplete && queueWhy !== null),
  );
  return { id, build };
}

test("a result file that is answered with 500 decides nothing: it is asked for again", async () => {
  const { id, build } = await endWith(500, "<html>Oops!</html>");
  expect(build).toMatchObject({ state: "running", queueWhy: "BROKEN", artifact: null });
  world.gate.answer(null);
  expect(await drive(id)).toMatchObject({ state: "succeeded", artifact: { source: "build" } });
  expect(await buildsOnServer(world, id)).toBe(1);
  await expectOneEnd(id);
});

test("a connection that breaks within the result file: asked for again", async () => {
  const { id, build } = await endWith(200, '{"attemptId":"', {
    "content-type": "application/json",
    "content-length": "400",
  });
  expect(build).toMatchObject({ state: "running", queueWhy: "UNREACHABLE", artifact: null });
  world.gate.answer(null);
  expect((await drive(id)).state).toBe("succeeded");
  await expectOneEnd(id);
});

test.each([
  ["a page", "<html>please sign in</html>", "text/html"],
  ["half of it", '{"attemptId":"', "application/json"],
  [
    "no digest",
    JSON.stringify({ attemptId: "a", commit: "b", image: "c", digest: "latest" }),
    "application/json",
  ],
])("%s instead of the result file: failed, and the image is not taken", async (_, body, type) => {
  const { id, build } = await endWith(200, body, { "content-type": type });
  expect(build).toMatchObject({ state: "failed", cause: { code: "RESULT_UNREADABLE" }, artifact: null });
  expect(build.item.release.state).toBe("build_failed");
  await expectOneEnd(id);
});

test("another attempt's result file: failed, whatever the registry has", async () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const foreign = { attemptId: crypto.randomUUID(), commit: "c".repeat(40), image: "r/a:1", digest };
  const { id, build } = await endWith(200, JSON.stringify(foreign), { "content-type": "application/json" });
  expect(build).toMatchObject({ state: "failed", cause: { code: "RESULT_MISMATCH" }, artifact: null });
  await expectOneEnd(id);
});

test("a registry that is away when the digest is looked up: it waits, says so and goes on", async () => {
  const { url } = await db.registry.findUniqueOrThrow({ where: { key: "main" } });
  const id = await startBuild(world, "quote-api");
  await drive(id, ({ state }) => state === "running");
  await db.registry.update({ where: { key: "main" }, data: { url: "http://127.0.0.1:9" } });
  try {
    const waits = await drive(id, ({ state, queueWhy }) => isFinal(state) || queueWhy === "REGISTRY");
    expect(waits).toMatchObject({ state: "running", queueWhy: "REGISTRY", artifact: null });
    await look(id);
    expect((await readBuild(id)).state).toBe("running");
  } finally {
    await db.registry.update({ where: { key: "main" }, data: { url } });
  }
  expect(await drive(id)).toMatchObject({ state: "succeeded", queueWhy: null });
  await expectOneEnd(id);
});
