import type { Actor } from "#lib/access/actor.ts";
import { listApprovals } from "#lib/approvals/queries.ts";
import { db } from "#lib/db.ts";
import type { WaitingDto } from "./schema.ts";
import { copiesWaiting } from "./waiting-copies.ts";
import { deploymentsWaiting } from "./waiting-deployments.ts";
import { failuresOf } from "./waiting-failures.ts";
import { orderWaiting, type Waiting } from "./waiting-row.ts";
import { stagesWaiting } from "./waiting-stages.ts";

const LIMIT = 20;

/** Plans that wait for the reader's decision. */
async function approvalsOf(actor: Actor): Promise<Waiting[]> {
  const { items } = await listApprovals(actor, { box: "waiting", limit: LIMIT });
  const releases = await db.release.findMany({
    where: { number: { in: items.map(({ release }) => release) } },
    select: {
      number: true,
      projectId: true,
      items: { select: { component: { select: { key: true } } } },
    },
  });
  return items.flatMap((item) => {
    const release = releases.find(({ number }) => number === item.release);
    if (!release) return [];
    return {
      kind: "approval" as const,
      projectId: release.projectId,
      release: item.release,
      title: item.title,
      components: release.items.map(({ component }) => component.key),
      environment: item.environment,
      person: item.createdBy,
      since: item.computedAt,
      planDigest: item.digest,
      deployment: null,
      build: null,
      approval: { given: item.given, required: item.required, ...item.changes },
      cause: null,
    };
  });
}

/** The reader's places in a queue whose turn has come, while the environment is still free. */
async function turnsOf(actor: Actor, projectIds: string[], now: Date): Promise<Waiting[]> {
  const entries = await db.queueEntry.findMany({
    where: {
      requestedById: actor.id,
      projectId: { in: projectIds },
      endedAt: null,
      notifiedAt: { not: null },
    },
    orderBy: { id: "asc" },
    take: LIMIT,
    select: {
      projectId: true,
      environmentId: true,
      notifiedAt: true,
      createdAt: true,
      environment: { select: { key: true } },
      requestedBy: { select: { username: true, displayName: true } },
      release: {
        select: {
          number: true,
          title: true,
          items: { select: { component: { select: { key: true } } } },
        },
      },
    },
  });
  const held = await db.reservation.findMany({
    where: {
      projectId: { in: entries.map(({ projectId }) => projectId) },
      releasedAt: null,
      OR: [{ until: null }, { until: { gt: now } }],
    },
    select: { projectId: true, environmentId: true },
  });
  return entries
    .filter(
      (entry) =>
        !held.some((row) => row.projectId === entry.projectId && row.environmentId === entry.environmentId),
    )
    .map((entry) => ({
      kind: "turn",
      projectId: entry.projectId,
      release: entry.release.number,
      title: entry.release.title,
      components: entry.release.items.map(({ component }) => component.key),
      environment: entry.environment.key,
      person: entry.requestedBy,
      since: (entry.notifiedAt ?? entry.createdAt).toISOString(),
      planDigest: null,
      deployment: null,
      build: null,
      approval: null,
      cause: null,
    }));
}

/** What waits for the reader in the projects where they have a role, the most urgent first; at most 20. */
export async function waitingOf(actor: Actor, now: Date): Promise<WaitingDto[]> {
  const projectIds = Object.keys(actor.rights.projectRoles);
  if (projectIds.length === 0) return [];
  const [approvals, turns, stages, deployments, copies, failures, projects] = await Promise.all([
    approvalsOf(actor),
    turnsOf(actor, projectIds, now),
    stagesWaiting(actor, projectIds, now),
    deploymentsWaiting(actor, projectIds, now),
    copiesWaiting(actor, projectIds, now),
    failuresOf(actor, projectIds),
    db.project.findMany({ where: { id: { in: projectIds } }, select: { id: true, key: true, name: true } }),
  ]);
  return orderWaiting(
    [...approvals, ...turns, ...stages, ...deployments, ...copies, ...failures],
    LIMIT,
  ).flatMap(({ projectId, ...row }) => {
    const project = projects.find(({ id }) => id === projectId);
    return project ? { ...row, project: project.key, projectName: project.name } : [];
  });
}
