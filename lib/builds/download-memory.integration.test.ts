import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { LogWriter } from "./log-writer.ts";
import { largeLog } from "./testing/large-log.ts";
import { makeBuild } from "./testing/log-build.ts";

await testDatabase();
const MEGABYTE = 1024 * 1024;
const MOST_MIB = 64;
const serveScript = fileURLToPath(new URL("./testing/serve-log.ts", import.meta.url));

const text = largeLog(100 * MEGABYTE);
const hash = createHash("sha256").update(text).digest("hex");
let large = "";
let url = "";
let before = 0;
let stop: () => Promise<unknown> = async () => undefined;

const open = async (path: string): Promise<IncomingMessage> => {
  const request = get(`${url}/${path}`, { agent: false });
  const [response] = await once(request, "response");
  return response;
};
async function read(path: string): Promise<{ bytes: number; sha256: string; last: string }> {
  const own = createHash("sha256");
  let [bytes, last] = [0, ""];
  for await (const piece of await open(path)) {
    own.update(piece);
    bytes += piece.length;
    last = piece.toString();
  }
  return { bytes, sha256: own.digest("hex"), last };
}
const extraMiB = async () => (Number((await read("peak")).last) - before) / 1024;

beforeAll(async () => {
  const [one, two] = [await makeBuild(), await makeBuild()];
  // They read every project.
  await db.user.update({ where: { id: one.userId }, data: { globalRoles: ["auditor"] } });
  for (const [id, log] of [
    [one.id, Buffer.from("nothing\n")],
    [two.id, text],
  ] as const) {
    const writer = new LogWriter(id, { logBytes: 0, logTaken: 0, logGeneration: 0 });
    await writer.write(log);
    await writer.flush({ logComplete: true });
  }
  large = two.id;
  const server = spawn(process.execPath, [serveScript, one.userId], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(server, "exit");
  stop = () => {
    server.kill();
    return ended;
  };
  const [line] = await once(server.stdout, "data");
  url = `http://127.0.0.1:${String(line).trim()}`;
  await read(one.id);
  before = Number((await read("peak")).last);
}, 120_000);
afterAll(() => stop());

test("100 MB are downloaded with less than 64 MB of memory", async () => {
  expect(await read(large)).toMatchObject({ bytes: text.length, sha256: hash });
  const extra = await extraMiB();
  console.info(`${extra.toFixed(0)} MiB more than a log of one line`);
  expect(extra).toBeLessThan(MOST_MIB);
});

test("readers that stand still, and those that go away half-way, are not read ahead for", async () => {
  const slow = await Promise.all(Array.from({ length: 6 }, () => open(large)));
  for (const response of slow) {
    let got = 0;
    for await (const piece of response.iterator({ destroyOnReturn: false })) {
      got += piece.length;
      if (got > 5 * MEGABYTE) break;
    }
  }
  // Long enough for a server that does not wait to read all that is left.
  await sleep(3000);
  const extra = await extraMiB();
  console.info(`${extra.toFixed(0)} MiB with ${slow.length} readers that stand still`);
  expect(extra).toBeLessThan(MOST_MIB);
  for (const response of slow) response.destroy();
  // It serves on, and what was left behind is not kept.
  expect(await read(large)).toMatchObject({ bytes: text.length, sha256: hash });
  expect(await extraMiB()).toBeLessThan(MOST_MIB);
});
