import { type Actor, forbidden } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { toPage } from "#lib/http/page.ts";
import { type AuditHashed, auditHash } from "./record.ts";
import type { AuditEntryDto, AuditQuery, AuditVerificationDto } from "./schema.ts";
import { nameSubjects } from "./subjects.ts";

/** Keys of the projects whose trail the actor may read; null means all of it. @throws AppError FORBIDDEN */
async function auditScope(actor: Actor): Promise<string[] | null> {
  if (can(actor.rights, "audit.read")) return null;
  const ids = Object.keys(actor.rights.projectRoles).filter((id) => can(actor.rights, "audit.read", id));
  if (ids.length === 0) throw forbidden("audit.read");
  const projects = await db.project.findMany({ where: { id: { in: ids } }, select: { key: true } });
  return projects.map(({ key }) => key);
}

/** Newest first. */
export async function listAudit(actor: Actor, query: AuditQuery) {
  const scope = await auditScope(actor);
  const rows = await db.auditEntry.findMany({
    where: {
      AND: [
        scope ? { projectKey: { in: scope } } : {},
        query.project ? { projectKey: query.project } : {},
        query.cursor ? { seq: { lt: BigInt(query.cursor) } } : {},
        query.actor ? { actorName: query.actor } : {},
        query.action
          ? { OR: [{ action: query.action }, { action: { startsWith: `${query.action}.` } }] }
          : {},
        query.subjectId ? { subjectId: query.subjectId } : {},
        query.from ? { at: { gte: new Date(query.from) } } : {},
        query.until ? { at: { lt: new Date(query.until) } } : {},
      ],
    },
    orderBy: { seq: "desc" },
    take: query.limit + 1,
  });
  const page = toPage(rows, query.limit, (row) => String(row.seq));
  const aboutOf = await nameSubjects(page.items);
  const people = await db.user.findMany({
    where: { username: { in: [...new Set(page.items.map(({ actorName }) => actorName))] } },
    select: { username: true, displayName: true },
  });
  const names = new Map(people.map(({ username, displayName }) => [username, displayName]));
  const items: AuditEntryDto[] = page.items.map((row) => ({
    seq: String(row.seq),
    at: row.at.toISOString(),
    actor: row.actorName,
    actorName: names.get(row.actorName) ?? row.actorName,
    action: row.action,
    subject: row.subject,
    subjectId: row.subjectId,
    about: aboutOf(row),
    project: row.projectKey,
    data: row.data,
    requestId: row.requestId,
    hash: row.hash,
  }));
  return { ...page, items };
}

const BATCH = 1000;

/** Walks the whole chain: numbers without gaps, each hash right, each linked to the one before, the end as the head says. */
export async function verifyAudit(actor: Actor): Promise<AuditVerificationDto> {
  await auditScope(actor);
  const head = await db.auditHead.findUniqueOrThrow({ where: { id: 1 } });
  let seq = 0n;
  let prevHash = "";
  const broken = (at: bigint, reason: "HASH" | "CHAIN" | "GAP" | "HEAD"): AuditVerificationDto => ({
    ok: false,
    entries: Number(seq),
    broken: { seq: String(at), reason },
    head: head.hash,
  });
  while (seq < head.seq) {
    const rows = await db.auditEntry.findMany({
      where: { seq: { gt: seq, lte: head.seq } },
      orderBy: { seq: "asc" },
      take: BATCH,
    });
    if (rows.length === 0) return broken(seq + 1n, "GAP");
    for (const row of rows) {
      if (row.seq !== seq + 1n) return broken(seq + 1n, "GAP");
      if (row.prevHash !== prevHash) return broken(row.seq, "CHAIN");
      const { hash, at, ...rest } = row;
      const hashed: AuditHashed = { ...rest, seq: String(row.seq), at: at.toISOString() };
      if (auditHash(hashed) !== hash) return broken(row.seq, "HASH");
      seq = row.seq;
      prevHash = hash;
    }
  }
  return prevHash === head.hash
    ? { ok: true, entries: Number(seq), broken: null, head: head.hash }
    : broken(seq, "HEAD");
}
