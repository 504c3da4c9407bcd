import type { Tx } from "#lib/db.ts";

/** See lib/events/emit.ts. */
export type NewEvent = { topics: string[]; type: string; data: Record<string, unknown> };

/** See lib/audit/record.ts. */
export type AuditInput = {
  /** Null for the portal itself (the worker's own effects). */
  actor: { id: string; displayName: string; username: string; requestId: string | null } | null;
  /** noun.verb, e.g. `release.create` */
  action: string;
  subject: string;
  subjectId: string;
  projectKey: string | null;
  /** before/after and whatever an auditor needs; a secret only as name and version */
  data?: Record<string, unknown>;
};

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
