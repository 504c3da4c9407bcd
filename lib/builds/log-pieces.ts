import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { db } from "#lib/db.ts";

const unpack = promisify(gunzip);

/** The stored log from a byte on, a piece at a time: one row in memory. */
export async function* storedPieces(
  buildId: string,
  from: number,
): AsyncGenerator<{ offset: number; bytes: Buffer }> {
  let offset = from;
  for (;;) {
    // The piece that `offset` lies in, or the one that begins there.
    const chunk = await db.buildLogChunk.findFirst({
      where: { buildId, offset: { lte: offset } },
      orderBy: { offset: "desc" },
    });
    if (!chunk || chunk.offset + chunk.length <= offset) return;
    yield { offset, bytes: (await unpack(chunk.data)).subarray(offset - chunk.offset) };
    offset = chunk.offset + chunk.length;
  }
}
