import { fromPrisma } from "pg-boss";
import type { Tx } from "#lib/db.ts";
import { boss } from "./boss.ts";
import type { JobName, JobPayload } from "./jobs.ts";

/** As `enqueue`, several jobs of one queue in one statement. */
export async function enqueueAll<Name extends JobName>(
  tx: Tx,
  name: Name,
  jobs: readonly { payload: JobPayload<Name>; key: string }[],
): Promise<void> {
  if (jobs.length === 0) return;
  const queue = await boss();
  const rows = jobs.map(({ payload, key }) => ({ data: payload, singletonKey: key }));
  await queue.insert(name, rows, { db: fromPrisma(tx) });
}

/**
 * Puts a job into the queue inside the caller's transaction: it exists exactly when the transaction commits.
 * @param key one waiting job per key; a second request for the same key is dropped, the first will see the new world
 */
export async function enqueue<Name extends JobName>(
  tx: Tx,
  name: Name,
  payload: JobPayload<Name>,
  options: { key: string; afterSeconds?: number },
): Promise<void> {
  const queue = await boss();
  await queue.send(name, payload, {
    singletonKey: options.key,
    ...(options.afterSeconds ? { startAfter: options.afterSeconds } : {}),
    db: fromPrisma(tx),
  });
}
