import { canonicalJson } from "#lib/canonical-json.ts";
import { sha256 } from "#lib/crypto.ts";
import type { Tx } from "#lib/db.ts";
import { type AuditInput, heldBack } from "#lib/held-back.ts";

/** What the hash of an entry covers, in canonical JSON; `prevHash` chains it to the entry before. */
export type AuditHashed = {
  seq: string;
  at: string;
  actorId: string | null;
  actorName: string;
  action: string;
  subject: string;
  subjectId: string;
  projectKey: string | null;
  data: unknown;
  requestId: string | null;
  prevHash: string;
};
export const auditHash = (entry: AuditHashed): string => sha256(canonicalJson(entry));

/**
 * Appends one entry to the chain inside the caller's transaction; in one of `transaction` (lib/transaction.ts) at its
 * end, with the others. Elsewhere call it as the last write: the head row's lock makes writers line up. An entry that
 * rolls back leaves no gap.
 */
export async function recordAudit(tx: Tx, input: AuditInput): Promise<void> {
  const held = heldBack(tx);
  if (held) held.audits.push(input);
  else await recordAudits(tx, [input]);
}

/** Appends entries to the chain in their order: two statements, the first of which waits for the chain's end. */
export async function recordAudits(tx: Tx, inputs: readonly AuditInput[]): Promise<void> {
  if (inputs.length === 0) return;
  const [head] = await tx.$queryRaw<{ seq: bigint; hash: string; now: Date }[]>`
    SELECT seq, hash, date_trunc('milliseconds', clock_timestamp()) AS now FROM "AuditHead" WHERE id = 1 FOR UPDATE`;
  if (!head) throw new Error("the audit chain has no head: run the migrations");
  let end = { seq: head.seq, hash: head.hash };
  const entries = inputs.map((input) => {
    const entry = entryAfter(end, input, head.now);
    end = { seq: end.seq + 1n, hash: entry.hash };
    return entry;
  });
  await tx.$executeRaw`
    WITH entries AS (
      INSERT INTO "AuditEntry" (seq, at, "actorId", "actorName", action, subject, "subjectId", "projectKey", data,
        "requestId", "prevHash", hash)
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) AS entry (seq bigint, at timestamptz,
        "actorId" uuid, "actorName" text, action text, subject text, "subjectId" text, "projectKey" text, data jsonb,
        "requestId" text, "prevHash" text, hash text)
    )
    UPDATE "AuditHead" SET seq = ${end.seq}, hash = ${end.hash} WHERE id = 1`;
}

function entryAfter(end: { seq: bigint; hash: string }, input: AuditInput, now: Date) {
  const hashed: AuditHashed = {
    seq: String(end.seq + 1n),
    at: now.toISOString(),
    actorId: input.actor?.id ?? null,
    actorName: input.actor?.username ?? "system",
    action: input.action,
    subject: input.subject,
    subjectId: input.subjectId,
    projectKey: input.projectKey,
    // Through JSON once, so that what is hashed is what the database will give back.
    data: JSON.parse(JSON.stringify(input.data ?? {})),
    requestId: input.actor?.requestId ?? null,
    prevHash: end.hash,
  };
  return { ...hashed, hash: auditHash(hashed) };
}
