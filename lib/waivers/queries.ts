import { z } from "zod";
import { type Actor, readableProjects } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { db, type Tx } from "#lib/db.ts";
import { AppError, type Blocker } from "#lib/errors.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import { toPage } from "#lib/http/page.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { decideWaiverBlockers, revokeBlockers } from "./rule.ts";
import { ENDING_DAYS, type WaiverDto, type WaiverView, type waiverQuerySchema } from "./schema.ts";
import { WAIVER_STATES, type WaiverState } from "./state.ts";

const person = { select: { username: true, displayName: true } } as const;
const select = {
  id: true,
  projectId: true,
  subject: true,
  reason: true,
  state: true,
  ownerId: true,
  askedById: true,
  createdAt: true,
  expiresAt: true,
  decidedAt: true,
  comment: true,
  version: true,
  project: { select: { key: true } },
  component: { select: { key: true } },
  environment: { select: { key: true } },
  release: { select: { number: true, createdById: true } },
  owner: person,
  askedBy: person,
  decidedBy: person,
} as const;
type Row = Prisma.WaiverGetPayload<{ select: typeof select }>;
const stateSchema = z.enum(WAIVER_STATES);

/** The state that is shown and decided by: what is over counts as ended before the sweep has written it down. */
function stateNow({ state, expiresAt }: Pick<Row, "state" | "expiresAt">, now: Date): WaiverState {
  const written = stateSchema.parse(state);
  return (written === "asked" || written === "granted") && expiresAt <= now ? "ended" : written;
}

const ruleFacts = (row: Row, now: Date) => ({
  projectId: row.projectId,
  state: stateNow(row, now),
  askedById: row.askedById,
  ownerId: row.ownerId,
  releaseById: row.release?.createdById ?? null,
});
const action = (blockers: Blocker[]) => ({ allowed: blockers.length === 0, blockers });

function toDto(row: Row, actor: Actor, now: Date): WaiverDto {
  const facts = ruleFacts(row, now);
  return {
    id: row.id,
    project: row.project.key,
    component: row.component?.key ?? null,
    environment: row.environment.key,
    subject: row.subject,
    reason: row.reason,
    owner: row.owner,
    state: facts.state,
    askedBy: row.askedBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    comment: row.comment,
    release: row.release?.number ?? null,
    version: row.version,
    actions: {
      decide: action(decideWaiverBlockers(actor, facts)),
      revoke: action(revokeBlockers(actor, facts)),
    },
  };
}

/** @throws AppError NOT_FOUND, also when it is of a project that the actor may not read */
export async function readWaiver(tx: Tx, actor: Actor, id: string) {
  const row = await tx.waiver.findUnique({ where: { id }, select });
  if (!row || !can(actor.rights, "project.read", row.projectId)) {
    throw new AppError("NOT_FOUND", "no such waiver");
  }
  const now = await databaseTime(tx);
  return { row, facts: ruleFacts(row, now), dto: toDto(row, actor, now), now };
}

const ending = (now: Date) => ({
  state: "granted",
  expiresAt: { gt: now, lte: new Date(now.getTime() + ENDING_DAYS * 86_400_000) },
});

/** What a view holds. Pure. */
function viewed(view: WaiverView, actor: Actor, now: Date): Prisma.WaiverWhereInput {
  const open = { state: "asked", expiresAt: { gt: now } };
  switch (view) {
    case "waiting": {
      const projects = Object.keys(actor.rights.projectRoles).filter((id) =>
        can(actor.rights, "waiver.decide", id),
      );
      return {
        ...open,
        projectId: { in: projects },
        askedById: { not: actor.id },
        OR: [{ releaseId: null }, { release: { createdById: { not: actor.id } } }],
      };
    }
    case "open":
      return open;
    case "granted":
      return { state: "granted", expiresAt: { gt: now } };
    case "ending":
      return ending(now);
    case "due":
      return { ...ending(now), ownerId: actor.id };
    case "ended":
      return { OR: [{ state: { in: ["declined", "revoked", "ended"] } }, { expiresAt: { lte: now } }] };
  }
}

/** Waivers of the projects that the actor may read, the latest first. */
export async function listWaivers(actor: Actor, query: z.output<typeof waiverQuerySchema>) {
  const ids = readableProjects(actor);
  const now = await databaseTime(db);
  const rows = await db.waiver.findMany({
    where: {
      AND: [
        viewed(query.view, actor, now),
        ids ? { projectId: { in: ids } } : {},
        query.project ? { project: { key: query.project } } : {},
        query.environment ? { environment: { key: query.environment } } : {},
        query.cursor ? { id: { lt: query.cursor } } : {},
      ],
    },
    orderBy: { id: "desc" },
    take: query.limit + 1,
    select,
  });
  const page = toPage(rows, query.limit, ({ id }) => id);
  return { ...page, items: page.items.map((row) => toDto(row, actor, now)) };
}

/** How many waivers wait for this person's decision. */
export const waiversWaiting = async (actor: Actor): Promise<number> =>
  db.waiver.count({ where: viewed("waiting", actor, await databaseTime(db)) });
