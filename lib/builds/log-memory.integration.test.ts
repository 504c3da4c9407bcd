import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";
import { db } from "#lib/db.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { storedPieces } from "./log-pieces.ts";
import { largeLog } from "./testing/large-log.ts";
import { makeBuild } from "./testing/log-build.ts";
import { type LogScript, startLogServer } from "./testing/log-server.ts";

await testDatabase();
const MEGABYTE = 1024 * 1024;
const usageSchema = z.object({ peakKiB: z.number(), seconds: z.number() });
const copyScript = fileURLToPath(new URL("./testing/copy-log.ts", import.meta.url));

/** One after the other in one process; what each copy was after. */
async function copyInProcess(url: string, ...ids: string[]) {
  const { stdout } = await promisify(execFile)(process.execPath, [copyScript, url, ...ids]);
  return stdout
    .trim()
    .split("\n")
    .map((line) => usageSchema.parse(JSON.parse(line)));
}

test.each([
  ["in one answer while it runs", true],
  ["from the console", false],
])("100 MB, %s, cost less than 64 MB of memory", async (_, running) => {
  const text = largeLog(100 * MEGABYTE);
  const script: LogScript = { console: text, running, first: Buffer.from("nothing\n") };
  const server = await startLogServer(script);
  const [small, large] = [await makeBuild(), await makeBuild()];
  const [without, withLog] = await copyInProcess(server.url, small.id, large.id);
  await server.close();
  if (!without || !withLog) throw new Error("nothing was measured");
  const extra = (withLog.peakKiB - without.peakKiB) / 1024;
  console.info(`${extra.toFixed(0)} MiB more than a log of one line, ${withLog.seconds.toFixed(1)} s`);
  expect(extra).toBeLessThan(64);
  const row = await db.build.findUniqueOrThrow({ where: { id: large.id } });
  expect(row.logBytes).toBe(text.length);
  const [hash, own] = [createHash("sha256").update(text).digest("hex"), createHash("sha256")];
  for await (const { bytes } of storedPieces(large.id, 0)) own.update(bytes);
  expect(own.digest("hex")).toBe(hash);
  if (!running) expect(row).toMatchObject({ logSha256: hash, consoleSha256: hash });
});
