import { sha256 } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";

export type StoredAnswer = { status: number; body: unknown };

/**
 * Runs `work` once per (user, Idempotency-Key): a repeat gets the first answer again. The same key with another
 * request, or while the first still runs, is 409. A key is kept for a day; an attempt that failed frees it.
 */
export async function once(
  input: { userId: string; key: string; method: string; path: string; body: string },
  work: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const requestHash = sha256(`${input.method} ${input.path}\n${input.body}`);
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
    return { status: row.status, body: row.response };
  }
  try {
    const answer = await work();
    await db.idempotencyKey.update({
      where: id,
      data: {
        status: answer.status,
        response: answer.body === null ? Prisma.JsonNull : (answer.body as Prisma.InputJsonValue),
      },
    });
    return answer;
  } catch (error) {
    await db.idempotencyKey.deleteMany({ where: { userId: input.userId, key: input.key } });
    throw error;
  }
}
