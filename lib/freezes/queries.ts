import type { z } from "zod";
import { type Actor, readableProjects } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { toPage } from "#lib/http/page.ts";
import { databaseTime } from "#lib/stages/time.ts";
import type { FreezeDto, freezeQuerySchema } from "./schema.ts";

const select = {
  id: true,
  projectId: true,
  startsAt: true,
  endsAt: true,
  reason: true,
  cancelledAt: true,
  project: { select: { key: true } },
  environment: { select: { key: true } },
  createdBy: { select: { username: true, displayName: true } },
};
type Row = {
  id: string;
  projectId: string | null;
  startsAt: Date;
  endsAt: Date;
  reason: string;
  cancelledAt: Date | null;
  project: { key: string } | null;
  environment: { key: string };
  createdBy: { username: string; displayName: string };
};

/** Windows of one project are its own matter; those of all projects are the platform's. */
export const mayManageFreeze = (actor: Actor, projectId: string | null): boolean =>
  projectId ? can(actor.rights, "freeze.manage", projectId) : can(actor.rights, "platform.manage");

/** Pure. */
export function freezeState(
  row: Pick<Row, "startsAt" | "endsAt" | "cancelledAt">,
  now: Date,
): FreezeDto["state"] {
  if (row.cancelledAt) return "cancelled";
  if (row.endsAt <= now) return "over";
  return row.startsAt <= now ? "active" : "planned";
}

function toDto(row: Row, actor: Actor, now: Date): FreezeDto {
  const state = freezeState(row, now);
  return {
    id: row.id,
    project: row.project?.key ?? null,
    environment: row.environment.key,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    reason: row.reason,
    createdBy: row.createdBy,
    cancelledAt: row.cancelledAt?.toISOString() ?? null,
    state,
    mayCancel: (state === "planned" || state === "active") && mayManageFreeze(actor, row.projectId),
  };
}

/** Freeze windows that concern what the actor may read, the latest first. */
export async function listFreezes(actor: Actor, query: z.output<typeof freezeQuerySchema>) {
  const ids = readableProjects(actor);
  const now = await databaseTime(db);
  const rows = await db.freezeWindow.findMany({
    where: {
      AND: [
        ids ? { OR: [{ projectId: null }, { projectId: { in: ids } }] } : {},
        query.project ? { OR: [{ projectId: null }, { project: { key: query.project } }] } : {},
        query.environment ? { environment: { key: query.environment } } : {},
        query.state === "open" ? { cancelledAt: null, endsAt: { gt: now } } : {},
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

/** @throws AppError NOT_FOUND, also when it is of a project that the actor may not read */
export async function getFreeze(actor: Actor, id: string): Promise<FreezeDto & { projectId: string | null }> {
  const row = await db.freezeWindow.findUnique({ where: { id }, select });
  if (!row || (row.projectId && !can(actor.rights, "project.read", row.projectId))) {
    throw new AppError("NOT_FOUND", "no such freeze window");
  }
  return { ...toDto(row, actor, await databaseTime(db)), projectId: row.projectId };
}
