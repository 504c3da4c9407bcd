import { decryptSecret, encryptSecret, keyedHash } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";

export type StoredAnswer = { status: number; body: unknown };

/**
 * Runs `work` once per (user, Idempotency-Key): a repeat gets the first answer again. The same key with another
 * request, or while the first still runs, is 409. A key is kept for a day; an attempt that failed frees it. The answer
 * is kept encrypted: it may be one that is shown once, such as a new token.
 */
export async function once(
  input: { userId: string; key: string; method: string; path: string; body: string },
  work: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const context = `idempotency:${input.userId}:${input.key}`;
  // Keyed: a request may hold a password, which a plain hash would give away to whoever reads the table.
  const requestHash = keyedHash(`${input.method} ${input.path}\n${input.body}`);
  const id = { userId_key: { userId: input.userId, key: input.key } };
  await db.$executeRaw`DELETE FROM "IdempotencyKey" WHERE "userId" = ${input.userId}::uuid AND key = ${input.key}
    AND ("createdAt" < now() - interval '1 day' OR (status IS NULL AND "createdAt" < now() - interval '2 minutes'))`;
  const claimed = await db.$executeRaw`
    INSERT INTO "IdempotencyKey" ("userId", key, "requestHash") VALUES (${input.userId}::uuid, ${input.key}, ${requestHash})
    ON CONFLICT DO NOTHING`;
  if (claimed === 0) {
    const row = await db.idempotencyKey.findUnique({ where: id });
    if (row?.requestHash !== requestHash) {
      throw new AppError("IDEMPOTENCY_CONFLICT", "this Idempotency-Key was used for another request");
    }
    if (row.status === null)
      throw new AppError("IDEMPOTENCY_CONFLICT", "the first request with this key still runs");
    const kept: unknown = JSON.parse(decryptSecret(String(row.response), context));
    return { status: row.status, body: kept };
  }
  try {
    const answer = await work();
    await db.idempotencyKey.update({
      where: id,
      data: {
        status: answer.status,
        response: encryptSecret(JSON.stringify(answer.body), context),
      },
    });
    return answer;
  } catch (error) {
    await db.idempotencyKey.deleteMany({ where: { userId: input.userId, key: input.key } });
    throw error;
  }
}
