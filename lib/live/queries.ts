import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { mayDeploy } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { toPage } from "#lib/http/page.ts";
import { planInputsSchema } from "#lib/plans/content.ts";
import { environmentFacts } from "#lib/plans/facts.ts";
import { readProject } from "#lib/projects/queries.ts";
import { type LivePlace, openBoards } from "./board.ts";
import { newestByComponent } from "./newest.ts";
import type { historyQuerySchema, LiveDto, LiveTargetDto } from "./schema.ts";

/** How long a read waits for a cluster that has not answered yet. */
const TIMEOUT_MS = 3_000;

/** The project and environment of a live view, after the right to read them. @throws AppError NOT_FOUND */
export async function readLivePlace(actor: Actor, place: { project: string; environment: string }) {
  const project = await readProject(actor, place.project);
  const environment = await environmentFacts(db, project.id, { key: place.environment });
  return { project, environment };
}

/** The targets of an environment, in the order of their waves. */
export async function livePlaces(
  project: { id: string; key: string },
  environment: { id: string; key: string },
) {
  const rows = await db.target.findMany({
    where: { projectId: project.id, environmentId: environment.id },
    orderBy: [{ wave: "asc" }, { cluster: { key: "asc" } }],
    select: { id: true, clusterId: true, namespace: true, wave: true, cluster: { select: { key: true } } },
  });
  return rows.map(
    ({ cluster, ...row }): LivePlace => ({
      ...row,
      cluster: cluster.key,
      project: project.key,
      environment: environment.key,
    }),
  );
}

/**
 * What runs in an environment, as the watches of its targets tell; the first reader starts them. A cluster that does not
 * answer is told as unknown, and the others do not wait for it.
 */
export async function getLive(
  actor: Actor,
  place: { project: string; environment: string },
): Promise<LiveDto> {
  const { project, environment } = await readLivePlace(actor, place);
  return {
    project: project.key,
    environment: environment.key,
    mayOperate: mayDeploy(actor.rights, project.id, environment, new Date()),
    targets: await lookAt(await livePlaces(project, environment)),
  };
}

/** What targets show now, in the same order; one that does not answer in time is unknown. */
export async function lookAt(places: readonly LivePlace[]): Promise<LiveTargetDto[]> {
  const opened = await openBoards(places);
  try {
    return await Promise.all(opened.map(({ board }) => board.look(TIMEOUT_MS)));
  } finally {
    for (const { leave } of opened) leave();
  }
}

/** Successful deployments of an environment, newest first; which components each still accounts for. */
export async function getHistory(
  actor: Actor,
  place: { project: string; environment: string },
  query: z.output<typeof historyQuerySchema>,
) {
  const { project, environment } = await readLivePlace(actor, place);
  const until = query.at ? { lte: new Date(query.at) } : { not: null };
  const where = { projectId: project.id, environmentId: environment.id, state: "succeeded", endedAt: until };
  const select = {
    id: true,
    kind: true,
    endedAt: true,
    release: { select: { number: true, title: true } },
    createdBy: { select: { username: true, displayName: true } },
    plan: { select: { inputs: true } },
  };
  const rows = await db.deployment.findMany({
    where: { ...where, ...(query.cursor ? { id: { lt: query.cursor } } : {}) },
    orderBy: { id: "desc" },
    take: query.limit + 1,
    select,
  });
  const newest = await newestByComponent(where);
  const page = toPage(rows, query.limit, ({ id }) => id);
  return {
    ...page,
    items: page.items.map(({ id, kind, endedAt, release, createdBy, plan }) => {
      const { images } = planInputsSchema.parse(plan.inputs);
      const current = images
        .map(({ component }) => component)
        .filter((component) => newest.get(component)?.id === id);
      const ended = endedAt?.toISOString() ?? "";
      return {
        id,
        kind,
        release: release.number,
        title: release.title,
        endedAt: ended,
        by: createdBy,
        images,
        current,
      };
    }),
  };
}
