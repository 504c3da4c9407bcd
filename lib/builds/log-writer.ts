import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import { db, type Tx } from "#lib/db.ts";
import { emit } from "#lib/events/emit.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { transaction } from "#lib/transaction.ts";
import { PIECE_BYTES, storedPieces } from "./log-pieces.ts";
import type { LogProblem } from "./schema.ts";

/** So many are stored at once: 4 MiB of text at most are lost to a kill, and asked for again. */
const BATCH_PIECES = 16;
/** A last piece shorter than this is stored again with what follows: a slow log would be all small pieces. */
const SMALL_BYTES = 32 * 1024;

/** Twice as quick as gzip's quickest, and smaller. */
const PACKED = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const pack = promisify(zstdCompress);

/** What a build's row says of its log. */
type LogPlace = { logBytes: number; logTaken: number; logGeneration: number };
type Facts = {
  logOffset?: number;
  logTaken?: number;
  logGeneration?: number;
  logComplete?: boolean;
  logMasked?: boolean;
  logSha256?: string | null;
  consoleSha256?: string | null;
  logBreaks?: number;
  logProblem?: LogProblem | null;
};

/** Somebody else has stored the same in the meantime: this worker adds nothing more. */
export class LogTakenOver extends Error {}

/**
 * Appends to the stored log of one build. Each batch of pieces is one transaction with the place that the row names, on
 * the condition that the row still names the place this writer knows; so no byte is stored twice or left out, whoever is
 * killed when. At most three batches are in memory: one is stored, packed, while the next is packed and the one after it
 * read.
 */
export class LogWriter {
  readonly #buildId: string;
  #place: LogPlace;
  #pieces: Buffer[] = [];
  /** The piece that is being filled, and pieces of memory to fill next: used again and again. */
  #open: Buffer | null = null;
  #openBytes = 0;
  #spare: Buffer[] = [];
  /** Where the first of the pieces that wait begins. */
  #start: number;
  #begun = false;
  /** Until the last batch is packed and the one before it stored. */
  #packing: Promise<unknown> = Promise.resolve();
  #storing: Promise<void> = Promise.resolve();

  /** @param place as the row says now */
  constructor(buildId: string, place: LogPlace) {
    this.#buildId = buildId;
    const { logBytes, logTaken, logGeneration } = place;
    this.#place = { logBytes, logTaken, logGeneration };
    this.#start = logBytes;
  }

  /** Takes a small last piece up again. */
  async #begin(): Promise<void> {
    this.#begun = true;
    const last = await db.buildLogChunk.findFirst({
      where: { buildId: this.#buildId, length: { lt: SMALL_BYTES } },
      orderBy: { offset: "desc" },
      select: { offset: true, length: true },
    });
    if (!last || last.offset + last.length !== this.#start) return;
    for await (const { bytes } of storedPieces(this.#buildId, last.offset)) {
      this.#fill(bytes);
    }
    this.#start = last.offset;
  }

  /** Copies the bytes: they may be overwritten when this is done. @throws LogTakenOver */
  async write(bytes: Buffer): Promise<void> {
    if (!this.#begun && bytes.length > 0) await this.#begin();
    for (let at = 0; at < bytes.length; ) {
      at += this.#fill(bytes.subarray(at));
      if (this.#openBytes < PIECE_BYTES) continue;
      this.#close();
      if (this.#pieces.length >= BATCH_PIECES) await this.#store({}, false);
    }
  }

  /** Stores what waits, and with it what is now known. @throws LogTakenOver */
  async flush(facts: Facts): Promise<void> {
    this.#close();
    await this.#store(facts, true);
    await this.#storing;
  }

  /** Forgets the stored log from `offset` on, which a piece begins at: it was not what the console says. */
  async cutAt(offset: number): Promise<void> {
    await this.#storing;
    // From the server's first byte there are `offset` bytes.
    const place = { logBytes: offset, logTaken: offset, logGeneration: this.#place.logGeneration + 1 };
    await transaction(async (tx) => {
      await this.#move(tx, { ...place, logOffset: 0 });
      await tx.buildLogChunk.deleteMany({ where: { buildId: this.#buildId, offset: { gte: offset } } });
    });
    this.#place = place;
    this.#start = offset;
    this.#begun = true;
  }

  #fill(bytes: Buffer): number {
    this.#open ??= this.#spare.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES);
    const copied = bytes.copy(this.#open, this.#openBytes);
    this.#openBytes += copied;
    return copied;
  }

  #close(): void {
    if (!this.#open) return;
    this.#pieces.push(this.#open.subarray(0, this.#openBytes));
    this.#open = null;
    this.#openBytes = 0;
  }

  async #store(facts: Facts, last: boolean): Promise<void> {
    await this.#packing;
    const [pieces, start] = [this.#pieces, this.#start];
    this.#pieces = [];
    const end = pieces.reduce((sum, piece) => sum + piece.length, start);
    this.#start = end;
    if (!last && pieces.length === 0) return;
    const turn = Promise.all([this.#pack(pieces, start), this.#storing]);
    this.#packing = turn;
    this.#storing = turn.then(([rows]) => this.#commit(rows, start, end, facts));
    // Told by whoever waits for it next.
    this.#storing.catch(() => undefined);
  }

  async #pack(pieces: Buffer[], start: number): Promise<Row[]> {
    const rows = await packed(pieces, start);
    for (const { buffer } of pieces) this.#spare.push(Buffer.from(buffer));
    return rows;
  }

  async #commit(rows: Row[], start: number, end: number, facts: Facts): Promise<void> {
    const gained = end - this.#place.logBytes;
    const place = { ...this.#place, logBytes: end, logTaken: this.#place.logTaken + gained };
    const buildId = this.#buildId;
    await transaction(async (tx) => {
      await this.#move(tx, { ...place, ...facts });
      // Only a small last piece that was taken up again lies there already.
      if (start < this.#place.logBytes) {
        await tx.buildLogChunk.deleteMany({ where: { buildId: this.#buildId, offset: { gte: start } } });
      }
      if (rows.length > 0) {
        // Written out: the client's own way of many rows takes a third longer for bytes.
        const values = rows.map(
          ({ offset, length, data }) => Prisma.sql`(${buildId}::uuid, ${offset}, ${length}, ${data})`,
        );
        await tx.$executeRaw`
          INSERT INTO "BuildLogChunk" ("buildId", "offset", length, data) VALUES ${Prisma.join(values)}`;
      }
      if (gained === 0 && !facts.logComplete) return;
      await emit(tx, {
        topics: [`build:${this.#buildId}`],
        type: "build.log",
        data: { id: this.#buildId, bytes: end, complete: facts.logComplete ?? false },
      });
    });
    this.#place = { ...place, logTaken: facts.logTaken ?? place.logTaken };
  }

  async #move(tx: Tx, data: Facts & { logBytes: number }): Promise<void> {
    const { logBytes, logGeneration } = this.#place;
    const { count } = await tx.build.updateMany({
      where: { id: this.#buildId, logBytes, logGeneration, logComplete: false },
      data,
    });
    if (count === 0) throw new LogTakenOver(`log of build ${this.#buildId}`);
  }
}

type Row = Awaited<ReturnType<typeof packed>>[number];

async function packed(pieces: Buffer[], start: number) {
  const data = await Promise.all(pieces.map((piece) => pack(piece, PACKED)));
  let offset = start;
  return data.map((packed, index) => {
    const length = pieces[index]?.length ?? 0;
    const row = { offset, length, data: new Uint8Array(packed) };
    offset += length;
    return row;
  });
}
