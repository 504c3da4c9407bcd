import { setTimeout as sleep } from "node:timers/promises";
import { sendInspection } from "#lib/artifacts/record.ts";
import { connectRegistry } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { logger } from "#lib/logger.ts";
import { parseImage } from "#lib/plans/image-name.ts";
import { registryOfImage } from "#lib/plans/image-registry.ts";
import type { Again } from "#lib/queue/looks.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { COPY_ATTEMPTS, type CopyCause, causeOf, nextAttemptAt, pauseAfter } from "./cause.ts";
import { copyNamesSelect, noteCopy } from "./record.ts";

/** How often the bytes on their way are written down. */
const PROGRESS_MS = 1000;

/** Copies whose turn it is: that wait for no pause, or that a worker died with. */
export async function unfinishedCopies(): Promise<string[]> {
  const now = await databaseTime(db);
  const rows = await db.imageCopy.findMany({
    where: { state: { in: ["queued", "copying"] } },
    orderBy: { createdAt: "asc" },
    select: { id: true, state: true, attempts: true, endedAt: true },
  });
  return rows
    .filter((row) => row.state === "copying" || (nextAttemptAt(row) ?? now) <= now)
    .map(({ id }) => id);
}

const load = (id: string) =>
  db.imageCopy.findUnique({
    where: { id },
    select: {
      ...copyNamesSelect,
      artifactId: true,
      state: true,
      attempts: true,
      endedAt: true,
      sentBytes: true,
      registryId: true,
    },
  });
type CopyRow = NonNullable<Awaited<ReturnType<typeof load>>>;

/**
 * One attempt to bring an image to the registry of an environment, by its digest and with what is signed of it. What a
 * worker that died had sent is there and is not sent again. The number of the attempt tells whether the copy is still
 * this worker's.
 * @param signal aborted when the lease is lost
 */
export async function handleCopyJob(id: string, signal: AbortSignal): Promise<Again> {
  const copy = await load(id);
  if (!copy || (copy.state !== "queued" && copy.state !== "copying")) return null;
  if (copy.state === "queued") {
    const now = await databaseTime(db);
    const pause = ((nextAttemptAt(copy) ?? now).getTime() - now.getTime()) / 1000;
    if (pause > 0) return pause;
  }
  const attempt = copy.attempts + 1;
  const mine = { id, state: "copying", attempts: attempt, digest: copy.digest };
  const begun = await transaction(async (tx) => {
    const { count } = await tx.imageCopy.updateMany({
      where: { id, state: copy.state, attempts: copy.attempts, digest: copy.digest },
      data: { state: "copying", attempts: attempt, startedAt: await databaseTime(tx), endedAt: null },
    });
    if (count > 0) await noteCopy(tx, null, "start", copy);
    return count > 0;
  });
  if (!begun) return 0;
  const progress = new Progress(mine, copy.sentBytes);
  const copied = await attemptCopy(copy, progress, signal).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return { error };
  });
  await progress.stop();
  if (!("error" in copied)) {
    await endCopy(copy, mine, "copied", { sentBytes: progress.bytes });
    return null;
  }
  const from = parseImage(copy.artifact.image).host;
  const { cause, retryable } = causeOf(copied.error, { from, to: new URL(copy.registry.url).host });
  if (!(copied.error instanceof AdapterError)) logger.error({ error: copied.error, copy: id }, "image copy");
  const again = retryable && attempt < COPY_ATTEMPTS;
  await endCopy(copy, mine, again ? "queued" : "failed", { sentBytes: progress.bytes, cause });
  return again ? pauseAfter(attempt) : null;
}

async function attemptCopy(copy: CopyRow, progress: Progress, signal: AbortSignal): Promise<{ done: true }> {
  const { image, item } = copy.artifact;
  const { path, tag } = parseImage(image);
  const { digest, repository } = copy;
  const target = await connectRegistry(copy.registryId);
  const source = await connectRegistry(await registryOfImage(db, image, item.component.registryId));
  const ended = AbortSignal.any([signal, progress.lost]);
  const to = { repository, tag: tag ?? digest.replace(":", "-") };
  // The tag is set last, and a registry may refuse to set it twice: whoever died after that left nothing to do.
  if ((await target.resolve({ repository, reference: to.tag }, { signal: ended })) === digest)
    return { done: true };
  const options = { signal: ended, onSent: (bytes: number) => progress.add(bytes) };
  await target.copyFrom(source, { from: { repository: path, digest }, to }, options);
  // What the registry says that it took, not what was sent to it.
  const there = await target.resolve({ repository, reference: digest }, { signal: ended });
  if (there !== digest) {
    const message = `${copy.registry.key} answers ${there ?? "nothing"} for ${repository}@${digest} after it was copied`;
    throw new AdapterError("broken", message);
  }
  return { done: true };
}

async function endCopy(
  copy: CopyRow,
  mine: { id: string; state: string; attempts: number; digest: string },
  state: "copied" | "queued" | "failed",
  { sentBytes, cause }: { sentBytes: bigint; cause?: CopyCause },
): Promise<void> {
  const verb = ({ copied: "finish", queued: "wait", failed: "fail" } as const)[state];
  await transaction(async (tx) => {
    const { count } = await tx.imageCopy.updateMany({
      where: mine,
      data: { state, sentBytes, cause: cause ?? Prisma.DbNull, endedAt: await databaseTime(tx) },
    });
    // Somebody asked for another digest meanwhile, or another worker took over.
    if (count === 0) return;
    const told = { attempts: mine.attempts, sentBytes: Number(sentBytes), ...(cause ? { cause } : {}) };
    await noteCopy(tx, null, verb, copy, told);
    if (state === "copied") await sendInspection(tx, copy.artifactId);
  });
}

/** Bytes that went over the wire, written down now and then: in all attempts together, as what was sent stays. */
class Progress {
  bytes: bigint;
  readonly #lost = new AbortController();
  readonly #stopped = new AbortController();
  readonly #writing: Promise<void>;

  constructor(mine: { id: string; state: string; attempts: number }, sentBefore: bigint) {
    this.bytes = sentBefore;
    this.#writing = this.#write(mine);
  }

  /** Aborts when the copy is no longer this attempt's. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  add(bytes: number): void {
    this.bytes += BigInt(bytes);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#writing;
  }

  async #write(mine: { id: string; state: string; attempts: number }): Promise<void> {
    let written = this.bytes;
    for (;;) {
      await sleep(PROGRESS_MS, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
      if (this.#stopped.signal.aborted) return;
      if (this.bytes === written) continue;
      written = this.bytes;
      const { count } = await db.imageCopy.updateMany({ where: mine, data: { sentBytes: written } });
      if (count === 0) this.#lost.abort(new Error("the copy was asked for anew"));
    }
  }
}
