import { promisify } from "node:util";
import { gunzip, zstdDecompress } from "node:zlib";
import { db } from "#lib/db.ts";
import { PieceMemory } from "./piece-memory.ts";

/** Bytes of text in a piece at most: large enough to compress well, small enough that a reader of one place unpacks little. */
export const PIECE_BYTES = 256 * 1024;
/** Pieces read by one query. */
const BATCH = 4;

/** What a gzip stream begins with; logs of before were packed so. */
const GZIP = 0x1f;
const unzip = promisify(gunzip);
const unzstd = promisify(zstdDecompress);
/** Into one piece of memory, with room to spare: small ones would be put together in another. */
const WHOLE = { chunkSize: PIECE_BYTES + 1024 };
const unpack = (data: Uint8Array): Promise<Buffer> =>
  data[0] === GZIP ? unzip(data, WHOLE) : unzstd(data, WHOLE);

/**
 * The stored log from a byte on, a piece at a time, up to byte `to` where that is given: some rows in memory.
 * @param generation ends where the stored text is no longer the one that the reader began with
 */
export async function* storedPieces(
  buildId: string,
  from: number,
  { to = Number.POSITIVE_INFINITY, generation }: { to?: number; generation?: number } = {},
): AsyncGenerator<{ offset: number; bytes: Buffer }> {
  const memory = new PieceMemory();
  for (let offset = from; offset < to; ) {
    // A short last piece may have been stored again, longer: the first of these is the one that `offset` lies in.
    const rows = await db.buildLogChunk.findMany({
      where: {
        buildId,
        offset: { gt: offset - PIECE_BYTES, ...(Number.isFinite(to) ? { lt: to } : {}) },
        ...(generation === undefined ? {} : { build: { logGeneration: generation } }),
      },
      orderBy: { offset: "asc" },
      take: BATCH,
    });
    const before = offset;
    for (const row of rows) {
      const end = row.offset + row.length;
      if (end <= offset) continue;
      if (row.offset > offset || offset >= to) return;
      const bytes = (await unpack(row.data)).subarray(offset - row.offset, Math.min(end, to) - row.offset);
      yield { offset, bytes };
      offset += bytes.length;
      memory.passed(row.length + row.data.length);
    }
    if (offset === before) return;
  }
}
