import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { createRelease } from "#lib/releases/service.ts";
import { ROOT } from "#scripts/prisma/cli.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { drive } from "../testing/drive.ts";
import { buildsOnServer, expectOneEnd } from "../testing/start.ts";
import { makeWorld, type World } from "../testing/world.ts";

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.close());
const clicks = fileURLToPath(new URL("../testing/clicks.ts", import.meta.url));

test("fifty clicks in three processes at once: one is accepted, and there is one build", async () => {
  const actor = await world.actor("dev");
  const items = [{ component: "quote-api", ref: "main" }];
  const draft = { actor, project: "quotes", title: "x", description: "", items, build: false };
  const { number } = await createRelease(draft);
  const env = { ...process.env, NODE_OPTIONS: "" };
  const outcomes = await Promise.all(
    ["17", "17", "16"].map(async (count) => {
      const args = [clicks, "dev", number, count];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
      return stdout.trim().split("\n");
    }),
  );
  const all = outcomes.flat();
  expect(all).toHaveLength(50);
  const accepted = all.filter((outcome) => outcome.startsWith("accepted "));
  expect(accepted).toHaveLength(1);
  const others = all.filter((outcome) => !outcome.startsWith("accepted "));
  for (const code of new Set(others))
    expect(["VERSION_CONFLICT", "BLOCKED", "INVALID_STATE"]).toContain(code);
  const id = accepted[0]?.slice("accepted ".length) ?? "";
  expect((await drive(id)).state).toBe("succeeded");
  expect(await db.build.count()).toBe(1);
  expect(await buildsOnServer(world, id)).toBe(1);
  expect(world.gate.triggers()).toBe(1);
  await expectOneEnd(id);
}, 150_000);
