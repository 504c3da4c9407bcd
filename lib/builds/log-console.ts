import { createHash } from "node:crypto";
import type { LogStream } from "#lib/adapters/ports.ts";
import { db } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import { storedPieces } from "./log-pieces.ts";
import { LogWriter } from "./log-writer.ts";
import { SecretMask } from "./mask.ts";
import { PieceMemory } from "./piece-memory.ts";
import type { BuildRow } from "./row.ts";
import type { LogProblem } from "./schema.ts";

/** A proxy without its server, a server that starts. */
const AWAY = new Set([502, 503, 504]);

/** A console that breaks off so often in a row without giving anything new will not give more. */
const MOST_BREAKS = 5;

/** Reads the console once and leaves stored what it says. */
export async function finishLog(input: {
  build: BuildRow;
  words: readonly Buffer[];
  openConsole: () => Promise<ReadableStream<Uint8Array> | null>;
  /** The rest of the log another way, for a server that refuses its console; null when there is none. */
  openRest: () => Promise<LogStream | null>;
  append: (rest: LogStream) => Promise<unknown>;
}): Promise<void> {
  const { build, words } = input;
  const stream = await openedOrRefused(input.openConsole);
  if (stream === "refused") {
    const rest = await input.openRest();
    if (rest && !(await wentThrough(build, () => input.append(rest)))) return;
    await endWithout(build, "CONSOLE_REFUSED");
  } else if (stream) await wentThrough(build, () => compare(build, stream, words));
  else await endWithout(build, "CONSOLE_GONE");
}

/** A server that is away, or not yet there, comes back. One that answers with a refusal may do so for ever. */
async function openedOrRefused<Stream>(open: () => Promise<Stream>): Promise<Stream | "refused"> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof AdapterError && error.status !== undefined && !AWAY.has(error.status))
      return "refused";
    throw error;
  }
}

/**
 * Reads what was opened. Where it breaks off it is read again at the next look, but not for ever: then the log is whole
 * as far as it came, and says so.
 * @returns whether it came to its end
 * @throws AdapterError when it broke off and is to be read again
 */
async function wentThrough(build: BuildRow, read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const place = await placeOf(build.id);
    const news = place.logBytes !== build.logBytes || place.logGeneration !== build.logGeneration;
    const logBreaks = news ? 0 : place.logBreaks + 1;
    if (logBreaks < MOST_BREAKS) {
      await new LogWriter(build.id, place).flush({ logBreaks });
      throw error;
    }
    await endWithout(build, "CONSOLE_BROKEN");
    return false;
  }
}

const placeOf = (id: string) =>
  db.build.findUniqueOrThrow({
    where: { id },
    select: { logBytes: true, logTaken: true, logGeneration: true, logBreaks: true },
  });

/** There is no console to compare with: what is stored is the log. */
async function endWithout(build: BuildRow, logProblem: LogProblem): Promise<void> {
  const place = await placeOf(build.id);
  const logSha256 = await storedSha256(build.id);
  const facts = { logComplete: true, logSha256, consoleSha256: null, logProblem };
  await new LogWriter(build.id, place).flush(facts);
}

/**
 * Walks through the console beside the stored log. What is missing at the end is added; from the piece on that differs
 * the stored text is replaced; a console that is shorter than what was read before has lost something, and the stored
 * text stays.
 */
async function compare(
  build: BuildRow,
  stream: ReadableStream<Uint8Array>,
  words: readonly Buffer[],
): Promise<void> {
  const writer = new LogWriter(build.id, build);
  const mask = new SecretMask(words);
  const memory = new PieceMemory();
  const hash = createHash("sha256");
  const stored = storedPieces(build.id, 0);
  let piece: { offset: number; bytes: Buffer } = { offset: 0, bytes: Buffer.alloc(0) };
  let at = 0;
  let adding = false;
  let length = 0;

  const take = async (text: Buffer) => {
    hash.update(text);
    length += text.length;
    let rest = text;
    while (rest.length > 0) {
      if (adding) return writer.write(rest);
      if (at === piece.bytes.length) {
        const next = await stored.next();
        if (next.done) adding = true;
        else piece = next.value;
        at = 0;
        continue;
      }
      const size = Math.min(rest.length, piece.bytes.length - at);
      if (piece.bytes.compare(rest, 0, size, at, at + size) === 0) {
        at += size;
        rest = rest.subarray(size);
        continue;
      }
      await writer.cutAt(piece.offset);
      await writer.write(piece.bytes.subarray(0, at));
      adding = true;
    }
  };
  try {
    for await (const bytes of stream) {
      await take(mask.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)));
      memory.passed(bytes.length);
    }
    await take(mask.end());
  } catch (error) {
    if (error instanceof AdapterError) await writer.flush({});
    throw error;
  }
  const consoleSha256 = hash.digest("hex");
  const shorter = !adding && length < build.logBytes;
  await writer.flush({
    logComplete: true,
    logSha256: shorter ? await storedSha256(build.id) : consoleSha256,
    consoleSha256,
    ...(shorter ? { logProblem: "CONSOLE_SHORTER" } : {}),
    ...(mask.masked ? { logMasked: true } : {}),
  });
}

async function storedSha256(buildId: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const { bytes } of storedPieces(buildId, 0)) hash.update(bytes);
  return hash.digest("hex");
}
