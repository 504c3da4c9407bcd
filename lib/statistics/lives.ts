import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import type { ReleaseLife } from "./life.ts";
import type { StatisticsQuery } from "./schema.ts";
import { scope, since } from "./scope.ts";

/** So many lives are cut at a time; manifests, logs and the like are not read. */
const MOST = 1000;

const environment = { select: { key: true } } as const;
const lifeSelect = {
  projectId: true,
  createdAt: true,
  endedAt: true,
  items: {
    select: {
      id: true,
      builds: { select: { state: true, createdAt: true, startedAt: true, endedAt: true } },
    },
  },
  stages: {
    orderBy: { environment: { rank: "asc" } },
    select: {
      environmentId: true,
      state: true,
      enteredAt: true,
      verdictAt: true,
      environment: { select: { key: true, approvalsRequired: true } },
    },
  },
  reservations: { select: { environmentId: true, releasedAt: true } },
  queueEntries: { select: { createdAt: true, endedAt: true, environment } },
  plans: {
    where: { kind: "deploy" },
    select: {
      createdAt: true,
      environment,
      approvals: { select: { decision: true, createdAt: true, expiresAt: true, voidedAt: true } },
    },
  },
  deployments: {
    select: {
      kind: true,
      state: true,
      createdAt: true,
      scheduledAt: true,
      startedAt: true,
      endedAt: true,
      attempt: true,
      environment,
    },
  },
} satisfies Prisma.ReleaseSelect;
type Row = Prisma.ReleaseGetPayload<{ select: typeof lifeSelect }>;
type Freeze = {
  projectId: string | null;
  startsAt: Date;
  endsAt: Date;
  cancelledAt: Date | null;
  environment: { key: string };
};

/**
 * The lives of the release orders that were released in the period, the latest first, and how many there are in all;
 * no more than a thousand lives are read.
 */
export async function releasedLives(
  actor: Actor,
  query: StatisticsQuery,
): Promise<{ releases: number; lives: ReleaseLife[] }> {
  const found = await db.$queryRaw<{ id: string; releases: number }[]>`
    SELECT r.id, (count(*) OVER ())::int AS releases FROM "Release" r JOIN "Project" p ON p.id = r."projectId"
    WHERE r.state = 'released' AND ${scope(actor, query)} AND ${since(`r."endedAt"`, query)}
    ORDER BY r."endedAt" DESC LIMIT ${MOST}`;
  const rows = await db.release.findMany({
    where: { id: { in: found.map(({ id }) => id) } },
    select: lifeSelect,
  });
  const first = rows.reduce((least, { createdAt }) => Math.min(least, Number(createdAt)), Date.now());
  const freezes = await db.freezeWindow.findMany({
    where: { endsAt: { gte: new Date(first) } },
    select: { projectId: true, startsAt: true, endsAt: true, cancelledAt: true, environment },
  });
  return { releases: found[0]?.releases ?? 0, lives: rows.map((row) => toLife(row, freezes)) };
}

function toLife(row: Row, freezes: Freeze[]): ReleaseLife {
  return {
    createdAt: row.createdAt,
    endedAt: row.endedAt,
    items: row.items.length,
    builds: row.items.flatMap(({ id, builds }) => builds.map((build) => ({ item: id, ...build }))),
    stages: row.stages.map((stage) => ({
      environment: stage.environment.key,
      approvalsRequired: stage.environment.approvalsRequired,
      enteredAt: stage.enteredAt,
      verdict: stage.verdictAt && { passed: stage.state !== "rejected", at: stage.verdictAt },
      leftAt: leftAt(row, stage),
    })),
    queued: row.queueEntries.map((entry) => ({
      environment: entry.environment.key,
      from: entry.createdAt,
      until: entry.endedAt,
    })),
    freezes: freezes
      .filter(({ projectId }) => projectId === null || projectId === row.projectId)
      .map((window) => ({
        environment: window.environment.key,
        from: window.startsAt,
        until: earlier(window.endsAt, window.cancelledAt),
      })),
    plans: row.plans.map((plan) => ({
      environment: plan.environment.key,
      createdAt: plan.createdAt,
      approvals: plan.approvals.map((approval) => ({
        approved: approval.decision === "approve",
        at: approval.createdAt,
        voidedAt: earlier(approval.expiresAt, approval.voidedAt),
      })),
    })),
    deployments: row.deployments.map(({ kind, environment: { key }, ...run }) => ({
      ...run,
      environment: key,
      rollback: kind === "rollback",
    })),
  };
}

const earlier = (a: Date, b: Date | null): Date => (b !== null && b < a ? b : a);

/** A stage has no column for it: it gives its environment up then. After a verdict the environment is free anyway. */
function leftAt(row: Row, stage: Row["stages"][number]): Date | null {
  if (stage.verdictAt !== null || (stage.state !== "superseded" && stage.state !== "rolled_back"))
    return null;
  const ends = row.reservations.flatMap(({ environmentId, releasedAt }) =>
    environmentId === stage.environmentId && releasedAt !== null ? [releasedAt] : [],
  );
  return ends.reduce<Date | null>((last, end) => (last === null || end > last ? end : last), null);
}
