import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { testDatabase } from "#scripts/testing/database.ts";

await testDatabase();
const { db } = await import("#lib/db.ts");
const { Looks } = await import("./looks.ts");

/** Resolves when it has come true; throws after ten seconds. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 500) throw new Error("waited in vain");
    await sleep(20);
  }
}

it("looks again soon by itself, and sends a job for later", async () => {
  const answers = [0.01, 0.01, 60];
  const seen: string[] = [];
  const sent: [string, number][] = [];
  const looks = new Looks(
    "a",
    async (id) => {
      seen.push(id);
      return answers.shift() ?? null;
    },
    (id, seconds) => sent.push([id, seconds]),
  );
  await looks.takeUp("1");
  await until(() => sent.length > 0);
  expect([seen, sent]).toEqual([["1", "1", "1"], [["1", 60]]]);
  expect(await db.lease.count()).toBe(0);
});

it("wakes one that rests, and looks once more at one that was asked for while it was looked at", async () => {
  let looked = 0;
  let busy = Promise.withResolvers<void>();
  const looks = new Looks(
    "b",
    async () => {
      looked += 1;
      await busy.promise;
      return looked < 3 ? 4 : null;
    },
    () => undefined,
  );
  await looks.takeUp("1");
  await until(() => looked === 1);
  await looks.takeUp("1");
  busy.resolve();
  // The second look follows at once; then four seconds would pass.
  await until(() => looked === 2);
  busy = Promise.withResolvers<void>();
  busy.resolve();
  await sleep(50);
  await looks.takeUp("1");
  await until(() => looked === 3);
  await looks.stop();
  expect(looked).toBe(3);
});

it("loses nothing that is asked for while it gives the lease back", async () => {
  let looked = 0;
  let sent = 0;
  const looks: InstanceType<typeof Looks> = new Looks(
    "e",
    async () => {
      looked += 1;
      if (looked === 1) setTimeout(() => void looks.takeUp("1"), 0);
      return null;
    },
    () => {
      sent += 1;
    },
  );
  await looks.takeUp("1");
  // Looked at again, or sent again: it depends on how far the giving back was.
  await until(() => looked + sent === 2);
  await looks.stop();
});

it("leaves to another worker what that one holds, and frees what failed", async () => {
  await db.lease.create({
    data: { key: "c:1", owner: "other", expiresAt: new Date(Date.now() + 60_000) },
  });
  const sent: string[] = [];
  let looked = 0;
  const looks = new Looks(
    "c",
    async () => {
      looked += 1;
      throw new Error("broken");
    },
    (id) => sent.push(id),
  );
  await looks.takeUp("1");
  await until(() => sent.length > 0);
  expect([looked, sent]).toEqual([0, ["1"]]);
  await looks.takeUp("2");
  await until(() => looked === 1);
  await looks.stop();
  expect(await db.lease.count({ where: { key: "c:2" } })).toBe(0);
});

it("looks at eight at a time, however many rest", async () => {
  let inside = 0;
  let most = 0;
  const ended = new Set<string>();
  const looks = new Looks(
    "d",
    async (id) => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(10);
      inside -= 1;
      if (ended.has(id)) return null;
      ended.add(id);
      return 0.2;
    },
    () => undefined,
  );
  for (let n = 0; n < 24; n += 1) await looks.takeUp(String(n));
  await until(() => ended.size === 24);
  await sleep(400);
  await looks.stop();
  expect(most).toBe(8);
  expect(await db.lease.count({ where: { key: { startsWith: "d:" } } })).toBe(0);
});
