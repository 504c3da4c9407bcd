import { decryptSecret, encryptSecret, keyedHash } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";

export type StoredAnswer = { status: number; body: unknown };

/** How often the process that runs a first request says that it is there. */
const BEAT_MS = 3000;
/** Without a word for so long it is gone, and a repeat does the work: people must not wait for a process that died. */
const GONE_SECONDS = 15;

/**
 * Runs `work` once per (user, Idempotency-Key): a repeat gets the first answer again. The same key with another request
 * is refused, and so is a repeat while the first still runs. A key is kept for a day; an attempt that failed frees it,
 * and so does the end of the process that made it. The answer is kept encrypted: it may be one that is shown once, such
 * as a new token.
 * @throws AppError IDEMPOTENCY_CONFLICT | REQUEST_RUNNING, and what `work` throws
 */
export async function once(
  input: { userId: string; key: string; method: string; path: string; body: string },
  work: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const { userId, key } = input;
  const context = `idempotency:${userId}:${key}`;
  // Keyed: a request may hold a password, which a plain hash would give away to whoever reads the table.
  const requestHash = keyedHash(`${input.method} ${input.path}\n${input.body}`);
  await db.$executeRaw`DELETE FROM "IdempotencyKey" WHERE "userId" = ${userId}::uuid AND key = ${key}
    AND "createdAt" < now() - CASE WHEN status IS NULL AND "requestHash" = ${requestHash}
      THEN make_interval(secs => ${GONE_SECONDS}) ELSE interval '1 day' END`;
  const [claimed] = await db.$queryRaw<{ at: Date }[]>`
    INSERT INTO "IdempotencyKey" ("userId", key, "requestHash") VALUES (${userId}::uuid, ${key}, ${requestHash})
    ON CONFLICT DO NOTHING RETURNING "createdAt" AS at`;
  if (claimed === undefined) {
    const row = await db.idempotencyKey.findUnique({ where: { userId_key: { userId, key } } });
    if (row && row.requestHash !== requestHash) {
      throw new AppError("IDEMPOTENCY_CONFLICT", "this Idempotency-Key was used for another request");
    }
    if (!row || row.status === null)
      throw new AppError("REQUEST_RUNNING", "the first request with this key still runs");
    const kept: unknown = JSON.parse(decryptSecret(String(row.response), context));
    return { status: row.status, body: kept };
  }
  const claim = keepClaim({ userId, key, at: claimed.at });
  try {
    const answer = await work();
    const response = encryptSecret(JSON.stringify(answer.body), context);
    await db.idempotencyKey.updateMany({
      where: await claim.release(),
      data: { status: answer.status, response },
    });
    return answer;
  } catch (error) {
    await db.idempotencyKey.deleteMany({ where: await claim.release() });
    throw error;
  }
}

type Claim = { userId: string; key: string; at: Date };

/** Renews a claim until it is released. Whoever stood still for too long finds it renewed by another, and leaves it. */
function keepClaim({ userId, key, at: since }: Claim) {
  let at = since;
  let last: Promise<void> = Promise.resolve();
  const beat = async () => {
    const [row] = await db.$queryRaw<{ at: Date }[]>`
      UPDATE "IdempotencyKey" SET "createdAt" = now() WHERE "userId" = ${userId}::uuid AND key = ${key}
        AND status IS NULL AND "createdAt" = ${at} RETURNING "createdAt" AS at`;
    if (row) at = row.at;
  };
  const timer = setInterval(() => {
    // A database that is away for a moment is asked again with the next beat.
    last = last.then(beat).catch(() => undefined);
  }, BEAT_MS);
  timer.unref();
  return {
    /** What the claim is now. */
    async release() {
      clearInterval(timer);
      await last;
      return { userId, key, status: null, createdAt: at };
    },
  };
}
