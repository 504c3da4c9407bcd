import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { loadActor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { LogWriter } from "./log-writer.ts";
import { readLog } from "./stored-log.ts";
import { largeLog } from "./testing/large-log.ts";
import { makeBuild } from "./testing/log-build.ts";

await testDatabase();
const TEXT = largeLog(6_000_000);

async function storedBuild(text: Buffer, complete: boolean) {
  const build = await makeBuild();
  const row = await db.build.findUniqueOrThrow({ where: { id: build.id } });
  const writer = new LogWriter(build.id, row);
  await writer.write(text);
  const logSha256 = createHash("sha256").update(text).digest("hex");
  await writer.flush(complete ? { logComplete: true, logSha256 } : {});
  const actor = await loadActor(build.userId);
  if (!actor) throw new Error("no actor");
  const read = (input: { offset?: number; show?: "inline"; range?: string; ifRange?: string }) =>
    readLog(actor, { id: build.id, ...input });
  return { ...build, read, logSha256 };
}
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

test("the whole log is a file with its length, named after release, component and attempt", async () => {
  const { read, release, logSha256 } = await storedBuild(TEXT, true);
  const answer = await read({});
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-length")).toBe(String(TEXT.length));
  expect(answer.headers.get("content-disposition")).toContain(`filename="${release}-${release}-1.log"`);
  expect(answer.headers.get("content-disposition")).toMatch(/^attachment;/);
  const shown = await read({ show: "inline" });
  expect(shown.headers.get("content-disposition")).toMatch(/^inline;/);
  expect(shown.headers.get("x-content-type-options")).toBe("nosniff");
  await shown.body?.cancel();
  expect(answer.headers.get("accept-ranges")).toBe("bytes");
  expect(answer.headers.get("etag")).toBe(`"${logSha256}"`);
  expect(answer.headers.get("x-log-complete")).toBe("true");
  expect((await bytesOf(answer)).equals(TEXT)).toBe(true);
});

test("any part of it can be asked for, across pieces and inside of one", async () => {
  const { read, logSha256 } = await storedBuild(TEXT, true);
  for (const [range, from, to] of [
    ["bytes=0-0", 0, 1],
    ["bytes=262143-262144", 262_143, 262_145],
    ["bytes=100-2000000", 100, 2_000_001],
    [`bytes=${TEXT.length - 5}-`, TEXT.length - 5, TEXT.length],
    ["bytes=-7", TEXT.length - 7, TEXT.length],
  ] as const) {
    const answer = await read({ range });
    expect(answer.status).toBe(206);
    expect(answer.headers.get("content-range")).toBe(`bytes ${from}-${to - 1}/${TEXT.length}`);
    expect(answer.headers.get("content-length")).toBe(String(to - from));
    expect((await bytesOf(answer)).equals(TEXT.subarray(from, to))).toBe(true);
  }
  const beyond = await read({ range: `bytes=${TEXT.length}-` });
  expect(beyond.status).toBe(416);
  expect(beyond.headers.get("content-range")).toBe(`bytes */${TEXT.length}`);
  expect((await read({ range: "bytes=5-", ifRange: `"${logSha256}"` })).status).toBe(206);
  expect((await read({ range: "bytes=5-", ifRange: '"another"' })).status).toBe(200);
});

test("who follows goes on from each answer, and is told when the text was replaced", async () => {
  const { id, read } = await storedBuild(TEXT, false);
  const parts: Buffer[] = [];
  for (let offset = 0; offset < TEXT.length; ) {
    const answer = await read({ offset });
    expect(answer.headers.get("x-log-generation")).toBe("0");
    expect(answer.headers.get("x-log-complete")).toBe("false");
    const bytes = await bytesOf(answer);
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.length).toBeLessThanOrEqual(4 * 1024 * 1024);
    parts.push(bytes);
    offset += bytes.length;
    expect(answer.headers.get("x-log-offset")).toBe(String(offset));
  }
  expect(Buffer.concat(parts).equals(TEXT)).toBe(true);
  expect((await bytesOf(await read({ offset: TEXT.length }))).length).toBe(0);
  const row = await db.build.findUniqueOrThrow({ where: { id } });
  const writer = new LogWriter(id, row);
  await writer.cutAt(0);
  await writer.write(Buffer.from("another\n"));
  await writer.flush({ logComplete: true });
  const after = await read({ offset: TEXT.length });
  expect(after.headers.get("x-log-generation")).toBe("1");
  expect((await read({ offset: 0 })).headers.get("x-log-complete")).toBe("true");
});

test("a file that is replaced while it is read breaks off and is not taken for a whole one", async () => {
  const { id, read } = await storedBuild(TEXT, false);
  const answer = await read({});
  const reader = answer.body?.getReader();
  if (!reader) throw new Error("no body");
  expect((await reader.read()).value?.length).toBe(256 * 1024);
  await new LogWriter(id, await db.build.findUniqueOrThrow({ where: { id } })).cutAt(0);
  const rest = async () => {
    while (!(await reader.read()).done);
  };
  await expect(rest()).rejects.toThrow("was replaced");
});

test("a log that is read while its short last piece grows loses nothing", async () => {
  const { id, read } = await storedBuild(Buffer.from("one\n"), false);
  const first = await bytesOf(await read({ offset: 0 }));
  const writer = new LogWriter(id, await db.build.findUniqueOrThrow({ where: { id } }));
  await writer.write(Buffer.from("two\n"));
  await writer.flush({});
  expect(await db.buildLogChunk.count({ where: { buildId: id } })).toBe(1);
  expect((await bytesOf(await read({ offset: first.length }))).toString()).toBe("two\n");
});

test("an empty log is an empty file", async () => {
  const { read } = await storedBuild(Buffer.alloc(0), false);
  const answer = await read({});
  expect([answer.status, answer.headers.get("content-length")]).toEqual([200, "0"]);
  expect((await read({ range: "bytes=0-" })).status).toBe(416);
});
