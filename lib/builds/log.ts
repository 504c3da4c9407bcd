import { gzipSync } from "node:zlib";
import type { BuildServer } from "#lib/adapters/ports.ts";
import { AdapterError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { transaction } from "#lib/transaction.ts";
import { endsInside, maskSecrets, secretWords } from "./mask.ts";
import type { BuildRow } from "./row.ts";
import { readSecrets } from "./secrets.ts";

const PIECE_BYTES = 64 * 1024;

/**
 * Copies what the log has gained since the last look. Secrets are masked before anything is stored; text that ends in
 * the middle of one is left for the next look, which reads it again with what follows. Offsets of the build server are
 * only ever its own answers; ours count the bytes of the stored text.
 * @returns whether there was anything new
 */
export async function copyLog(
  build: BuildRow,
  number: number,
  server: BuildServer,
  signal: AbortSignal,
): Promise<boolean> {
  if (build.logComplete) return false;
  const chunk = await readChunk(build, number, server, signal);
  if (chunk.text === "" && !chunk.complete) return false;
  const words = secretWords(Object.values((await readSecrets(build.item.component.id)).values));
  if (!chunk.complete && endsInside(chunk.text, words)) return false;
  const pieces = cut(Buffer.from(maskSecrets(chunk.text, words), "utf8"));

  return transaction(async (tx) => {
    // Whoever moved the offset has stored this text: a worker that lost its lease adds nothing.
    const { count } = await tx.build.updateMany({
      where: { id: build.id, logOffset: build.logOffset, logComplete: false },
      data: { logOffset: chunk.nextOffset, logComplete: chunk.complete },
    });
    if (count === 0) return true;
    const last = await tx.buildLogChunk.findFirst({
      where: { buildId: build.id },
      orderBy: { offset: "desc" },
      select: { offset: true, length: true },
    });
    let offset = last ? last.offset + last.length : 0;
    for (const piece of pieces) {
      await tx.buildLogChunk.create({
        data: { buildId: build.id, offset, length: piece.length, data: new Uint8Array(gzipSync(piece)) },
      });
      offset += piece.length;
    }
    await emit(tx, {
      topics: [`build:${build.id}`],
      type: "build.log",
      data: { id: build.id, bytes: offset, complete: chunk.complete },
    });
    return true;
  });
}

async function readChunk(build: BuildRow, number: number, server: BuildServer, signal: AbortSignal) {
  try {
    return await server.log(number, build.logOffset, { signal });
  } catch (error) {
    // The log became shorter than what was read: it is another log, and this one ends here.
    if (error instanceof AdapterError && error.failure === "broken" && !error.retryable) {
      return { text: "", nextOffset: build.logOffset, complete: true };
    }
    throw error;
  }
}

/** Pieces of at most 64 KiB that do not cut a character. */
export function cut(text: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + PIECE_BYTES, text.length);
    // 10xxxxxx continues a character.
    while (end < text.length && ((text[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    pieces.push(text.subarray(start, end));
    start = end;
  }
  return pieces;
}
