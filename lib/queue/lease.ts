import { randomUUID } from "node:crypto";
import { db } from "#lib/db.ts";

const LEASE_SECONDS = 15;
const RENEW_MS = 5_000;

/**
 * Runs `work` while holding the lease on `key`; answers `{ held: false }` when another worker holds it.
 * The lease is renewed while `work` runs and lapses after 15 s when this process dies. Database time decides.
 * The signal aborts when the lease is lost: stop before the next effect.
 */
export async function withLease<Result>(
  key: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<{ held: true; result: Result } | { held: false }> {
  const owner = randomUUID();
  // Nobody waits for the disk: a database that goes down forgets at most what was claimed just before, and with it go
  // the connections of whoever claimed it.
  const claim = () => db.$executeRaw`
    WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO "Lease" (key, owner, "expiresAt")
    SELECT ${key}, ${owner}, now() + make_interval(secs => ${LEASE_SECONDS}) FROM quick
    ON CONFLICT (key) DO UPDATE SET owner = excluded.owner, "expiresAt" = excluded."expiresAt"
    WHERE "Lease"."expiresAt" < now() OR "Lease".owner = ${owner}`;
  if ((await claim()) === 0) return { held: false };
  const lost = new AbortController();
  const timer = setInterval(() => {
    claim().then(
      (rows) => rows === 0 && lost.abort(new Error(`lease on ${key} lost`)),
      () => lost.abort(new Error(`lease on ${key} could not be renewed`)),
    );
  }, RENEW_MS);
  try {
    return { held: true, result: await work(lost.signal) };
  } finally {
    clearInterval(timer);
    await db.$executeRaw`DELETE FROM "Lease" WHERE key = ${key} AND owner = ${owner}`;
  }
}
