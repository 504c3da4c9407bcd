import type { Actor } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { readProject } from "#lib/projects/queries.ts";
import { holderOf, queueOf } from "./hold.ts";
import type { ReservationDto } from "./schema.ts";

/** @throws AppError NOT_FOUND when the project may not be read, or the environment is not on its path */
export async function readPlace(actor: Actor, projectKey: string, environmentKey: string) {
  const project = await readProject(actor, projectKey);
  const environment = await db.environment.findFirst({
    where: { key: environmentKey, projects: { some: { projectId: project.id } } },
    select: { id: true, key: true, name: true },
  });
  if (!environment) throw new AppError("NOT_FOUND", `${environmentKey} is not on the path of ${projectKey}`);
  return { project, environment };
}

const publicPerson = ({ username, displayName }: { username: string; displayName: string }) => ({
  username,
  displayName,
});

export async function getReservation(
  actor: Actor,
  projectKey: string,
  environmentKey: string,
): Promise<ReservationDto> {
  const { project, environment } = await readPlace(actor, projectKey, environmentKey);
  const holder = await holderOf(db, project.id, environment.id);
  const queue = await queueOf(db, project.id, environment.id);
  const mayFlow = can(actor.rights, "stage.flow", project.id);
  return {
    project: project.key,
    environment: environment.key,
    environmentName: environment.name,
    holder: holder && {
      release: holder.releaseNumber,
      heldBy: publicPerson(holder.heldBy),
      since: holder.since.toISOString(),
      until: holder.until?.toISOString() ?? null,
    },
    queue: queue.map((entry, index) => ({
      release: entry.release.number,
      title: entry.release.title,
      requestedBy: publicPerson(entry.requestedBy),
      since: entry.createdAt.toISOString(),
      calledAt: entry.notifiedAt?.toISOString() ?? null,
      position: index + 1,
    })),
    mayHold: mayFlow,
    mayFree:
      holder !== null &&
      mayFlow &&
      (holder.heldBy.id === actor.id || can(actor.rights, "project.manage", project.id)),
  };
}
