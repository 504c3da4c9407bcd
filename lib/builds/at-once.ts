import { buildServerOf } from "#lib/connections/connect.ts";
import { logger } from "#lib/logger.ts";
import { type Reserved, sendReserved } from "./trigger.ts";

/**
 * Sends builds whose sending is on record, right after the transaction that put it there has committed. Nobody waits
 * for it: a build server takes its time, and whatever this process does not finish the worker finds.
 */
export function sendAtOnce(reserved: readonly Reserved[]): void {
  for (const one of reserved) {
    sendReserved(one, buildServerOf(one.server)).catch((error) =>
      logger.error({ error, build: one.id }, "trigger"),
    );
  }
}
