import { type Actor, readableProjects } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { activityOf } from "./activity.ts";
import { agendaOf } from "./agenda.ts";
import { matrixOf } from "./matrix.ts";
import type { HomeDto } from "./schema.ts";
import { waitingOf } from "./waiting.ts";

/** Someone without a project of their own (auditor, admin) sees the first of all; the rest is a search away. */
const OTHERS_LIMIT = 20;

/** What waits for the reader, the matrix of their projects, and what happened there last. */
export async function getHome(actor: Actor): Promise<HomeDto> {
  const now = await databaseTime(db);
  const mine = Object.keys(actor.rights.projectRoles);
  const readsAll = readableProjects(actor) === null;
  const projects = await db.project.findMany({
    where: mine.length === 0 && readsAll ? {} : { id: { in: mine } },
    orderBy: { key: "asc" },
    select: { id: true, key: true },
    ...(mine.length === 0 ? { take: OTHERS_LIMIT } : {}),
  });
  const [waiting, matrix, agenda, activity] = await Promise.all([
    waitingOf(actor, now),
    matrixOf(
      projects.map(({ id }) => id),
      now,
    ),
    agendaOf(
      projects.map(({ id }) => id),
      now,
    ),
    activityOf(projects.map(({ key }) => key)),
  ]);
  return { now: now.toISOString(), waiting, projects: matrix, agenda, activity };
}
