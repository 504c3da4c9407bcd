import type { Actor } from "#lib/access/actor.ts";
import { mayDeploy } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { loadRun } from "#lib/deployments/run.ts";
import { ACTIVE_DEPLOYMENTS } from "#lib/deployments/state.ts";
import { waitingOf } from "#lib/deployments/waiting.ts";
import { environmentFacts } from "#lib/plans/facts.ts";
import type { Waiting } from "./waiting-row.ts";

const LIMIT = 20;

/** Deployments that are half done and go on only when somebody with the reader's right says so. */
export async function deploymentsWaiting(actor: Actor, projectIds: string[], now: Date): Promise<Waiting[]> {
  const rows = await db.deployment.findMany({
    where: {
      projectId: { in: projectIds },
      state: { in: [...ACTIVE_DEPLOYMENTS] },
      OR: [
        { pausedAt: { not: null } },
        { environment: { waveGate: "person" } },
        { targets: { some: { steps: { some: { name: "wait", state: "running" } } } } },
      ],
    },
    orderBy: { id: "asc" },
    take: LIMIT,
    select: {
      id: true,
      projectId: true,
      environmentId: true,
      createdAt: true,
      startedAt: true,
      pausedAt: true,
      createdBy: { select: { username: true, displayName: true } },
      release: {
        select: {
          number: true,
          title: true,
          items: { select: { component: { select: { key: true } } } },
        },
      },
    },
  });
  const found = await Promise.all(
    rows.map(async (row): Promise<Waiting[]> => {
      const environment = await environmentFacts(db, row.projectId, { id: row.environmentId });
      if (!mayDeploy(actor.rights, row.projectId, environment, now)) return [];
      const waiting = waitingOf(await loadRun(row.id), now);
      const forPerson =
        waiting?.kind === "paused" || waiting?.kind === "wave_gate" || waiting?.wait === "person";
      if (!forPerson) return [];
      return [
        {
          kind: "continue",
          projectId: row.projectId,
          release: row.release.number,
          title: row.release.title,
          components: row.release.items.map(({ component }) => component.key),
          environment: environment.key,
          person: row.createdBy,
          since: (row.pausedAt ?? row.startedAt ?? row.createdAt).toISOString(),
          planDigest: null,
          deployment: row.id,
          build: null,
          approval: null,
          cause: null,
        },
      ];
    }),
  );
  return found.flat();
}
