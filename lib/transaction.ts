import { recordAudits } from "#lib/audit/record.ts";
import { db, type Tx } from "#lib/db.ts";
import { emitAll } from "#lib/events/emit.ts";
import { holdBack } from "#lib/held-back.ts";
import { recordEffect } from "#lib/request-claim.ts";

const ATTEMPTS = 4;

/**
 * A transaction whose events and audit entries are written together at its end, in the order in which they were told:
 * two statements however many they are, and the locks of topics and of the audit chain, for which every writer lines
 * up, are held no longer than that. Where two meet crosswise all the same PostgreSQL ends one of them, and that one is
 * run again from its start: `work` must have no effect outside of the transaction.
 */
export async function transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.$transaction((tx) => told(tx, work), { timeout: 30_000, maxWait: 15_000 });
    } catch (error) {
      if (attempt === ATTEMPTS || !isDeadlock(error)) throw error;
    }
  }
}

async function told<Result>(tx: Tx, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  const held = holdBack(tx);
  const result = await work(tx);
  // Before the locks that every writer lines up for.
  if (held.audits.length > 0) await recordEffect(tx);
  await emitAll(tx, held.events);
  await recordAudits(tx, held.audits);
  return result;
}

/** PostgreSQL's 40P01; the client wraps it in several ways. */
function isDeadlock(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (/40P01|deadlock detected/.test(`${"code" in at ? at.code : ""} ${at.message}`)) return true;
  }
  return false;
}
