import { setTimeout as sleep } from "node:timers/promises";
import { buildServerOf } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { logger } from "#lib/logger.ts";
import { enqueue } from "#lib/queue/enqueue.ts";
import { type Reserved, sendReserved } from "./trigger.ts";

/** A build server that is well answers within this time, and then nothing else is done meanwhile. */
const WAITED_FOR_MS = 100;

/**
 * Sends builds whose sending is on record, right after the transaction that put it there has committed, and has the
 * worker look at them then. Whatever this process does not finish the worker's sweep finds.
 * @returns once all are answered; a build server that takes its time is not waited for
 */
export async function sendAtOnce(reserved: readonly Reserved[]): Promise<void> {
  if (reserved.length === 0) return;
  const sending = Promise.all(reserved.map(sendOne));
  const patience = new AbortController();
  await Promise.race([sending, sleep(WAITED_FOR_MS, undefined, { signal: patience.signal })]).finally(() =>
    patience.abort(),
  );
}

async function sendOne(reserved: Reserved): Promise<void> {
  const { id, server } = reserved;
  try {
    await sendReserved(reserved, buildServerOf(server));
  } catch (error) {
    logger.error({ error, build: id }, "trigger");
  }
  enqueue(db, "build.reconcile", { buildId: id }, { key: `build:${id}` }).catch((error) =>
    logger.error({ error, build: id }, "first look"),
  );
}
