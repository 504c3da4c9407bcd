import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { handleBuildJob } from "../reconcile.ts";
import { drive, readBuild } from "../testing/drive.ts";
import { buildsOnServer, expectOneEnd, startBuild } from "../testing/start.ts";
import { makeWorld, type World } from "../testing/world.ts";

await testDatabase();
// The server must go down while the command runs: it outlives that, what comes before it does not.
const folder = mkdtempSync(join(tmpdir(), "refract-pipeline-"));
const [begun, mayEnd] = [join(folder, "begun"), join(folder, "may-end")];
let world: World;
beforeAll(async () => {
  world = await makeWorld({ jobKind: "pipeline" });
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

test("Jenkins is restarted while a Pipeline builds: it goes on where it was, and ends once", async () => {
  await db.component.updateMany({
    where: { key: "quote-api" },
    data: {
      buildCommand: `touch '${begun}' && until [ -e '${mayEnd}' ]; do sleep 0.1; done && node build.mjs`,
    },
  });
  const before = world.gate.triggers();
  const id = await startBuild(world, "quote-api");
  const { number } = await drive(id, ({ state }) => state === "running" && existsSync(begun));
  await world.restartJenkins(async () => {
    await handleBuildJob(id, new AbortController().signal);
    expect(await readBuild(id)).toMatchObject({ state: "running", queueWhy: "UNREACHABLE" });
  });
  writeFileSync(mayEnd, "");
  const build = await drive(id);
  expect(build).toMatchObject({ state: "succeeded", number, artifact: { source: "build" } });
  expect(build.item.release.state).toBe("built");
  expect(await buildsOnServer(world, id)).toBe(1);
  expect(world.gate.triggers() - before).toBe(1);
  await expectOneEnd(id);
}, 120_000);
