import { db } from "#lib/db.ts";

/** After `limit` within a window the key is locked. Kept in the database, so that every web process knows. */
export type Limit = { limit: number; windowSeconds: number; lockSeconds: number };

/** Whole seconds until none of the keys is locked any more; 0 when none is. */
export async function secondsLocked(keys: readonly string[]): Promise<number> {
  const [locked] = await db.$queryRaw<{ seconds: number | null }[]>`
    SELECT ceil(extract(epoch FROM max("lockedUntil") - now()))::int AS seconds
    FROM "LoginThrottle" WHERE key = ANY(${keys}) AND "lockedUntil" > now()`;
  return locked?.seconds ?? 0;
}

/** One more of what a key stands for, in one statement, so that all that come at once count. @returns how many it were */
export async function countOne(key: string, { limit, windowSeconds, lockSeconds }: Limit): Promise<number> {
  const [row] = await db.$queryRaw<{ failures: number }[]>`
    INSERT INTO "LoginThrottle" (key, failures, "windowStart") VALUES (${key}, 1, now())
    ON CONFLICT (key) DO UPDATE SET
      failures = CASE WHEN "LoginThrottle"."windowStart" < now() - make_interval(secs => ${windowSeconds}) THEN 1
                      ELSE "LoginThrottle".failures + 1 END,
      "windowStart" = CASE WHEN "LoginThrottle"."windowStart" < now() - make_interval(secs => ${windowSeconds}) THEN now()
                           ELSE "LoginThrottle"."windowStart" END,
      "lockedUntil" = CASE WHEN "LoginThrottle"."windowStart" >= now() - make_interval(secs => ${windowSeconds})
                            AND "LoginThrottle".failures + 1 >= ${limit}
                           THEN now() + make_interval(secs => ${lockSeconds}) ELSE "LoginThrottle"."lockedUntil" END
    RETURNING failures`;
  return row?.failures ?? 0;
}
