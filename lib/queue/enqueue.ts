import { fromPrisma } from "pg-boss";
import type { Tx } from "#lib/db.ts";
import { boss } from "./boss.ts";
import type { JobName, JobPayload } from "./jobs.ts";

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
