import type { AuditInput } from "#lib/audit/record.ts";
import type { Tx } from "#lib/db.ts";
import type { NewEvent } from "#lib/events/emit.ts";

/** What a transaction tells at its end: see lib/transaction.ts. */
export type HeldBack = { events: NewEvent[]; audits: AuditInput[] };
const held = new WeakMap<Tx, HeldBack>();

/** What this transaction has to tell so far; undefined when it tells at once. */
export const heldBack = (tx: Tx): HeldBack | undefined => held.get(tx);

/** From now on `emit` and `recordAudit` keep what they are given. */
export function holdBack(tx: Tx): HeldBack {
  const told: HeldBack = { events: [], audits: [] };
  held.set(tx, told);
  return told;
}
