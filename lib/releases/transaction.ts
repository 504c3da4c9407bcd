import { db, type Tx } from "#lib/db.ts";

const ATTEMPTS = 4;

/**
 * One transaction. Events lock one topic row after another, so two writers may meet crosswise: PostgreSQL then ends
 * one of them, and that one is run again from its start. `work` must have no effect outside of the transaction.
 */
export async function transact<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.$transaction(work, { timeout: 30_000, maxWait: 15_000 });
    } catch (error) {
      if (attempt === ATTEMPTS || !isDeadlock(error)) throw error;
    }
  }
}

/** PostgreSQL's 40P01; the client wraps it in several ways. */
function isDeadlock(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (/40P01|deadlock detected/.test(`${"code" in at ? at.code : ""} ${at.message}`)) return true;
  }
  return false;
}
