import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { createJenkins } from "#lib/adapters/jenkins/server.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { copyLog } from "./log.ts";
import { storedPieces } from "./log-pieces.ts";
import { loadBuild } from "./row.ts";
import { sealSecrets } from "./secrets.ts";
import { largeLog } from "./testing/large-log.ts";
import { makeBuild, SECRET } from "./testing/log-build.ts";
import { type LogScript, startLogServer } from "./testing/log-server.ts";

await testDatabase();
const MEGABYTE = 1024 * 1024;
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(script: LogScript) {
  const server = await startLogServer(script);
  open.push(server);
  return server;
}

async function rowOf(id: string) {
  const row = await loadBuild(id);
  if (!row) throw new Error("no build");
  return row;
}
const look = async (id: string, url: string, closed = false) =>
  copyLog(
    await rowOf(id),
    { number: 1, closed },
    createJenkins({ url, username: "u", token: "t", jobName: "refract-build" }),
    new AbortController().signal,
  );
async function stored(id: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const { bytes } of storedPieces(id, 0)) parts.push(bytes);
  return Buffer.concat(parts);
}
const facts = (id: string) => db.build.findUniqueOrThrow({ where: { id } });

const copyScript = fileURLToPath(new URL("./testing/copy-log.ts", import.meta.url));

test("a log that grows is copied by the server's offsets, and its hash is that of the console", async () => {
  const { id } = await makeBuild();
  const text = largeLog(700_000);
  const script: LogScript = { console: text, running: true, visible: 0 };
  const server = await serve(script);
  for (const size of [0, 10, 20_000, 20_001, 650_000]) {
    script.visible = size;
    await look(id, server.url);
    expect((await stored(id)).equals(text.subarray(0, size))).toBe(true);
    expect(await facts(id)).toMatchObject({ logBytes: size, logOffset: size, logComplete: false });
  }
  // Small pieces are put together.
  expect(await db.buildLogChunk.count({ where: { buildId: id } })).toBeLessThanOrEqual(4);
  script.visible = undefined;
  script.running = false;
  await look(id, server.url);
  const hash = sha256(text);
  expect(await facts(id)).toMatchObject({
    logComplete: true,
    logSha256: hash,
    consoleSha256: hash,
    logMasked: false,
    logBytes: text.length,
    logGeneration: 0,
  });
  expect(sha256(await stored(id))).toBe(hash);
  // And nothing more is asked of a server that may have forgotten the build.
  const before = server.asked.length;
  expect(await look(id, server.url)).toBe(false);
  expect(server.asked.length).toBe(before);
});

test("what is no text, and a CR LF that the program itself wrote, are as in the console", async () => {
  const { id } = await makeBuild();
  const text = Buffer.concat([
    largeLog(600_000),
    Buffer.from([0xff, 0xfe, 0, 0x0d, 0x0a, 0xc3, 0x28]),
    Buffer.from("progress\r\nmore\r\rend\n"),
    largeLog(300_000),
  ]);
  const script: LogScript = { console: text, running: true, visible: text.length - 100 };
  const server = await serve(script);
  await look(id, server.url);
  expect((await facts(id)).logBytes).toBeLessThan(text.length - 100);
  script.running = false;
  script.visible = undefined;
  await look(id, server.url);
  expect((await stored(id)).equals(text)).toBe(true);
  const hash = sha256(text);
  // What was read before is no longer true: whoever has it begins again.
  expect(await facts(id)).toMatchObject({ logSha256: hash, consoleSha256: hash, logGeneration: 1 });
});

test("secrets are masked before they are stored, also cut by an answer's end and changed meanwhile", async () => {
  const { id, componentId } = await makeBuild();
  const { attemptId } = await db.build.findUniqueOrThrow({ where: { id } });
  await db.build.update({
    where: { id },
    data: { secretsEncrypted: sealSecrets(attemptId, { TOKEN: "as-it-was-sent" }) },
  });
  const text = Buffer.from(`one ${SECRET} two as-it-was-sent three changed-later ${SECRET}\nend\n`);
  const clean = "one **** two **** three **** ****\nend\n";
  const script: LogScript = { console: text, running: true, visible: text.indexOf("码") + 1 };
  const server = await serve(script);
  await look(id, server.url);
  expect((await stored(id)).toString()).toBe("one ");
  script.visible = text.indexOf("-was");
  await look(id, server.url);
  expect((await stored(id)).toString()).toBe("one **** two ");
  // Changed while it runs: the new value is masked, and so is the one that was sent.
  await db.buildVariable.create({
    data: {
      componentId,
      name: "OTHER",
      secret: true,
      valueEncrypted: encryptSecret("changed-later", secretContext.buildVariable(componentId, "OTHER")),
    },
  });
  script.visible = undefined;
  await look(id, server.url);
  expect((await stored(id)).toString()).toBe(clean);
  script.running = false;
  await look(id, server.url);
  const row = await facts(id);
  expect((await stored(id)).toString()).toBe(clean);
  expect(row).toMatchObject({ logMasked: true, logComplete: true, logGeneration: 0 });
  expect(row.logSha256).toBe(row.consoleSha256);
  expect(row.logSha256).not.toBe(sha256(text));
});

test("a connection that breaks midway: what came is kept, and the rest follows", async () => {
  const { id } = await makeBuild();
  const text = largeLog(3 * MEGABYTE);
  const script: LogScript = { console: text, running: true, breakAfter: 2 * MEGABYTE };
  const server = await serve(script);
  await expect(look(id, server.url)).rejects.toMatchObject({ failure: "unreachable" });
  const half = await facts(id);
  expect(half.logBytes).toBeGreaterThan(MEGABYTE);
  expect(half).toMatchObject({ logOffset: 0, logTaken: half.logBytes });
  await look(id, server.url);
  expect((await stored(id)).equals(text)).toBe(true);
  expect(await facts(id)).toMatchObject({ logOffset: text.length, logTaken: 0, logComplete: false });
});

test("two workers at once store nothing twice", async () => {
  const { id } = await makeBuild();
  const text = largeLog(9 * MEGABYTE);
  const script: LogScript = { console: text, running: true };
  const server = await serve(script);
  await Promise.all([look(id, server.url), look(id, server.url), look(id, server.url)]);
  await look(id, server.url);
  script.running = false;
  await Promise.all([look(id, server.url), look(id, server.url)]);
  expect((await stored(id)).equals(text)).toBe(true);
  const total = await db.buildLogChunk.aggregate({ where: { buildId: id }, _sum: { length: true } });
  expect(total._sum.length).toBe(text.length);
  expect(await facts(id)).toMatchObject({ logComplete: true, logGeneration: 0, logSha256: sha256(text) });
});

test.each([
  ["while it runs", true],
  ["while the console is read", false],
])("a worker killed midway, %s: its successor loses no byte and doubles none", async (_, running) => {
  const { id } = await makeBuild();
  const text = largeLog(24 * MEGABYTE);
  const script: LogScript = { console: text, running, pauseMs: 5 };
  const server = await serve(script);
  const worker = spawn(process.execPath, [copyScript, server.url, id], { stdio: "ignore" });
  const ended = once(worker, "exit");
  while ((await facts(id)).logBytes < 5 * MEGABYTE && worker.exitCode === null) await sleep(20);
  worker.kill("SIGKILL");
  expect(await ended).toEqual([null, "SIGKILL"]);
  const left = await facts(id);
  expect(left.logBytes).toBeLessThan(text.length);
  expect(left).toMatchObject({ logOffset: 0, logComplete: false });
  script.pauseMs = 0;
  await look(id, server.url);
  script.running = false;
  await look(id, server.url);
  expect((await stored(id)).equals(text)).toBe(true);
  expect(await facts(id)).toMatchObject({ logComplete: true, consoleSha256: sha256(text), logGeneration: 0 });
});

test("a console that is gone, or refused: the log is what was read, and says so", async () => {
  for (const [consoleStatus, closed] of [
    [404, false],
    [500, false],
    [404, true],
    [500, true],
  ] as const) {
    const { id } = await makeBuild();
    const text = largeLog(500_000);
    const script: LogScript = { console: text, running: true, visible: 300_000, consoleStatus };
    const server = await serve(script);
    await look(id, server.url);
    script.visible = undefined;
    script.running = false;
    await look(id, server.url, closed);
    const kept = await stored(id);
    expect(kept.equals(consoleStatus === 404 ? text.subarray(0, 300_000) : text)).toBe(true);
    expect(await facts(id)).toMatchObject({
      logComplete: true,
      logSha256: sha256(kept),
      consoleSha256: null,
      logProblem: consoleStatus === 404 ? "CONSOLE_GONE" : "CONSOLE_REFUSED",
    });
  }
});

test("a log that the server calls closed is read from the console alone, beside what is stored of it", async () => {
  const { id } = await makeBuild();
  const text = largeLog(3 * MEGABYTE);
  const script: LogScript = { console: text, running: true, visible: MEGABYTE };
  const server = await serve(script);
  await look(id, server.url);
  script.running = false;
  script.visible = undefined;
  server.asked.length = 0;
  await look(id, server.url, true);
  expect(server.asked).toEqual(["consoleText 0"]);
  const hash = sha256(text);
  expect(await facts(id)).toMatchObject({ logComplete: true, consoleSha256: hash, logGeneration: 0 });
  expect(sha256(await stored(id))).toBe(hash);
});

test("a console that breaks off every time is read as far as it goes, a few times, and the log says so", async () => {
  const { id } = await makeBuild();
  const text = largeLog(3 * MEGABYTE);
  const script: LogScript = { console: text, running: false, consoleBreaksAfter: MEGABYTE };
  const server = await serve(script);
  let looks = 0;
  while (!(await facts(id)).logComplete && looks < 20) {
    looks += 1;
    await look(id, server.url).catch((error) => expect(error).toMatchObject({ failure: "unreachable" }));
  }
  // The first time it gave something.
  expect(looks).toBe(6);
  const kept = await stored(id);
  expect(kept.length).toBeGreaterThan(900_000);
  expect(kept.equals(text.subarray(0, kept.length))).toBe(true);
  expect(await facts(id)).toMatchObject({
    logComplete: true,
    logProblem: "CONSOLE_BROKEN",
    logSha256: sha256(kept),
    consoleSha256: null,
  });
});

test("a console that comes a little further each time is read to its end", async () => {
  const { id } = await makeBuild();
  const text = largeLog(3 * MEGABYTE);
  const script: LogScript = { console: text, running: false };
  const server = await serve(script);
  for (let part = 1; part <= 8; part += 1) {
    script.consoleBreaksAfter = part * 300_000;
    await expect(look(id, server.url)).rejects.toMatchObject({ failure: "unreachable" });
  }
  script.consoleBreaksAfter = undefined;
  await look(id, server.url);
  const hash = sha256(text);
  expect(await facts(id)).toMatchObject({ logComplete: true, logProblem: null, consoleSha256: hash });
  expect(sha256(await stored(id))).toBe(hash);
});

test("a log that became shorter: what was read stays, and the two hashes differ", async () => {
  const { id } = await makeBuild();
  const text = largeLog(500_000);
  const script: LogScript = { console: text, running: true };
  const server = await serve(script);
  await look(id, server.url);
  script.console = text.subarray(0, 1000);
  script.running = false;
  await look(id, server.url);
  expect((await stored(id)).equals(text)).toBe(true);
  expect(await facts(id)).toMatchObject({
    logComplete: true,
    logSha256: sha256(text),
    consoleSha256: sha256(text.subarray(0, 1000)),
    logProblem: "CONSOLE_SHORTER",
  });
});
