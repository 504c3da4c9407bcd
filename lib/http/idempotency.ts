import { decryptSecret, encryptSecret, keyedHash } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { type RequestClaim, underClaim } from "#lib/request-claim.ts";

export type StoredAnswer = { status: number; body: unknown };

/** How often the process that runs a first request says that it is there. */
const BEAT_MS = 3000;
/**
 * Without a word for so long it is gone, and a repeat does the work unless something of it was committed: people must
 * not wait for a process that died.
 */
const GONE_SECONDS = 15;

/**
 * Runs `work` once per (user, Idempotency-Key): a repeat gets the first answer again. The same key with another request
 * is refused, and so is a repeat while the first still runs. A key is kept for a day; an attempt that failed frees it,
 * and so does the end of the process that made it before anything was committed. The answer is kept encrypted: it may be
 * one that is shown once, such as a new token.
 * @throws AppError IDEMPOTENCY_CONFLICT | REQUEST_RUNNING | REQUEST_DONE when it had its effect and its answer is lost,
 * and what `work` throws
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
    AND "createdAt" < now() - CASE WHEN status IS NULL AND NOT "hadEffect" AND "requestHash" = ${requestHash}
      THEN make_interval(secs => ${GONE_SECONDS}) ELSE interval '1 day' END`;
  const [claimed] = await db.$queryRaw<{ claimId: string }[]>`
    INSERT INTO "IdempotencyKey" ("userId", key, "requestHash") VALUES (${userId}::uuid, ${key}, ${requestHash})
    ON CONFLICT DO NOTHING RETURNING "claimId"`;
  if (claimed === undefined) {
    const answer = await firstAnswer({ userId, key, requestHash });
    const body: unknown = JSON.parse(decryptSecret(answer.response, context));
    return { status: answer.status, body };
  }
  const claim: RequestClaim = { userId, key, claimId: claimed.claimId, ended: false };
  const { claimId } = claim;
  const kept = keepClaim(claim);
  try {
    const answer = await underClaim(claim, work);
    const response = encryptSecret(JSON.stringify(answer.body), context);
    await kept.end();
    await db.idempotencyKey.updateMany({
      where: { userId, key, claimId },
      data: { status: answer.status, response },
    });
    return answer;
  } catch (error) {
    await kept.end();
    await db.idempotencyKey.deleteMany({ where: { userId, key, claimId, status: null } });
    throw error;
  }
}

/** What the first request with a key was answered. @throws AppError as `once` */
async function firstAnswer(request: { userId: string; key: string; requestHash: string }) {
  const { userId, key } = request;
  const [row] = await db.$queryRaw<
    { requestHash: string; status: number | null; response: unknown; gone: boolean }[]
  >`SELECT "requestHash", status, response, "createdAt" < now() - make_interval(secs => ${GONE_SECONDS}) AS gone
    FROM "IdempotencyKey" WHERE "userId" = ${userId}::uuid AND key = ${key}`;
  if (row && row.requestHash !== request.requestHash)
    throw new AppError("IDEMPOTENCY_CONFLICT", "this Idempotency-Key was used for another request");
  if (row && row.status !== null) return { status: row.status, response: String(row.response) };
  // What is left of a process that is gone without an effect was deleted before.
  if (row?.gone) throw new AppError("REQUEST_DONE", "it was carried out, but its answer is lost");
  throw new AppError("REQUEST_RUNNING", "the first request with this key still runs");
}

/** Renews a claim until it ends. Whoever stood still for too long finds it taken by another, and leaves it. */
function keepClaim(claim: RequestClaim) {
  const { userId, key, claimId } = claim;
  let last: Promise<unknown> = Promise.resolve();
  const beat = () =>
    db.$executeRaw`UPDATE "IdempotencyKey" SET "createdAt" = now()
      WHERE "userId" = ${userId}::uuid AND key = ${key} AND "claimId" = ${claimId}::uuid AND status IS NULL`;
  const timer = setInterval(() => {
    // A database that is away for a moment is asked again with the next beat.
    last = last.then(beat).catch(() => undefined);
  }, BEAT_MS);
  timer.unref();
  return {
    async end(): Promise<void> {
      claim.ended = true;
      clearInterval(timer);
      await last;
    },
  };
}
