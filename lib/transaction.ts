import { recordAudits } from "#lib/audit/record.ts";
import { db, type Tx } from "#lib/db.ts";
import { emitAll } from "#lib/events/emit.ts";
import { holdBack } from "#lib/held-back.ts";

/**
 * A transaction whose events and audit entries are written together at its end, in the order in which they were told:
 * two statements however many they are, and the locks of topics and of the audit chain, for which every writer lines
 * up, are held no longer than that.
 */
export function transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db.$transaction(async (tx) => {
    const told = holdBack(tx);
    const result = await work(tx);
    await emitAll(tx, told.events);
    await recordAudits(tx, told.audits);
    return result;
  });
}
