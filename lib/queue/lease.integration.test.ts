import { expect, it } from "vitest";
import { testDatabase } from "#scripts/testing/database.ts";

await testDatabase();
const { db } = await import("#lib/db.ts");
const { withLease } = await import("./lease.ts");

it("lets one worker at a time hold a subject", async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setTimeout(resolve, 50));
    inside -= 1;
  };
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => withLease("build:1", work)));
  expect(most).toBe(1);
  expect(outcomes.filter(({ held }) => held)).toHaveLength(1);
  expect(await withLease("build:1", async () => "again")).toEqual({ held: true, result: "again" });
});

it("takes over from a worker that died", async () => {
  await db.lease.create({ data: { key: "build:2", owner: "dead", expiresAt: new Date(Date.now() - 1000) } });
  expect((await withLease("build:2", async () => "mine")).held).toBe(true);
  await db.lease.create({
    data: { key: "build:3", owner: "alive", expiresAt: new Date(Date.now() + 60_000) },
  });
  expect((await withLease("build:3", async () => "mine")).held).toBe(false);
});

it("frees the subject when the work throws", async () => {
  const fail = async () => {
    throw new Error("broken");
  };
  await expect(withLease("build:4", fail)).rejects.toThrow("broken");
  expect((await withLease("build:4", async () => 1)).held).toBe(true);
});
