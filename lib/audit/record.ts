import { canonicalJson } from "#lib/canonical-json.ts";
import { sha256 } from "#lib/crypto.ts";
import type { Tx } from "#lib/db.ts";

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
 * Appends one entry to the chain inside the caller's transaction. The head row's lock makes writers line up,
 * so call it as the last write. An entry that rolls back leaves no gap.
 */
export async function recordAudit(tx: Tx, input: AuditInput): Promise<void> {
  const [head] = await tx.$queryRaw<{ seq: bigint; hash: string; now: Date }[]>`
    SELECT seq, hash, date_trunc('milliseconds', clock_timestamp()) AS now FROM "AuditHead" WHERE id = 1 FOR UPDATE`;
  if (!head) throw new Error("the audit chain has no head: run the migrations");
  // Through JSON once, so that what is hashed is what the database will give back.
  const data: unknown = JSON.parse(JSON.stringify(input.data ?? {}));
  const hashed: AuditHashed = {
    seq: String(head.seq + 1n),
    at: head.now.toISOString(),
    actorId: input.actor?.id ?? null,
    actorName: input.actor?.username ?? "system",
    action: input.action,
    subject: input.subject,
    subjectId: input.subjectId,
    projectKey: input.projectKey,
    data,
    requestId: input.actor?.requestId ?? null,
    prevHash: head.hash,
  };
  const hash = auditHash(hashed);
  await tx.$executeRaw`
    WITH entry AS (
      INSERT INTO "AuditEntry" (seq, at, "actorId", "actorName", action, subject, "subjectId", "projectKey", data,
        "requestId", "prevHash", hash)
      VALUES (${head.seq + 1n}, ${head.now}, ${hashed.actorId}::uuid, ${hashed.actorName}, ${hashed.action},
        ${hashed.subject}, ${hashed.subjectId}, ${hashed.projectKey}, ${JSON.stringify(data)}::jsonb,
        ${hashed.requestId}, ${hashed.prevHash}, ${hash})
    )
    UPDATE "AuditHead" SET seq = ${head.seq + 1n}, hash = ${hash} WHERE id = 1`;
}
