import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { type Attempts, attemptsOf, earlierAttempts } from "./attempts.ts";
import { arrivalsSql } from "./lead-time.ts";
import type { ReleaseLife } from "./life.ts";
import type { StatisticsQuery } from "./schema.ts";

/** So many lives are cut at a time; manifests, logs and the like are not read. */
const MOST = 1000;

const environment = { select: { key: true } } as const;
const lifeSelect = {
  id: true,
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
      id: true,
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
 * The lives of the release orders that arrived in the period (released, or passed in the environment that is asked for:
 * a life ends there then), the latest first, and how many there are in all; no more than a thousand lives are read.
 */
export async function arrivedLives(
  actor: Actor,
  query: StatisticsQuery,
): Promise<{ releases: number; lives: ReleaseLife[] }> {
  const found = await db.$queryRaw<{ id: string; at: Date; releases: number }[]>(latestSql(actor, query));
  const ends = new Map(found.map(({ id, at }) => [id, at]));
  const lives = await readLives(found.map(({ id }) => id));
  return {
    releases: found[0]?.releases ?? 0,
    lives: lives.map(({ id, life }) => ({ ...life, endedAt: ends.get(id) ?? life.endedAt })),
  };
}

/** The statement that finds the release orders of `arrivedLives`. */
export const latestSql = (actor: Actor, query: StatisticsQuery): Prisma.Sql => Prisma.sql`
  SELECT id, at, (count(*) OVER ())::int AS releases FROM (${arrivalsSql(actor, query)}) arrival
  ORDER BY at DESC, id LIMIT ${MOST}`;

/** What is known of the lives of release orders, by their ids, in no order. */
export async function readLives(ids: readonly string[]): Promise<{ id: string; life: ReleaseLife }[]> {
  const rows = await db.release.findMany({ where: { id: { in: [...ids] } }, select: lifeSelect });
  const first = rows.reduce((least, { createdAt }) => Math.min(least, Number(createdAt)), Date.now());
  const retried = rows.flatMap(({ deployments }) =>
    deployments.flatMap(({ id, attempt }) => (attempt > 1 ? [id] : [])),
  );
  const [freezes, earlier] = await Promise.all([
    db.freezeWindow.findMany({
      where: { endsAt: { gte: new Date(first) } },
      select: { projectId: true, startsAt: true, endsAt: true, cancelledAt: true, environment },
    }),
    earlierAttempts(retried),
  ]);
  return rows.map((row) => ({ id: row.id, life: toLife(row, freezes, earlier) }));
}

function toLife(row: Row, freezes: Freeze[], earlier: Attempts): ReleaseLife {
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
        until: sooner(window.endsAt, window.cancelledAt),
      })),
    plans: row.plans.map((plan) => ({
      environment: plan.environment.key,
      createdAt: plan.createdAt,
      approvals: plan.approvals.map((approval) => ({
        approved: approval.decision === "approve",
        at: approval.createdAt,
        voidedAt: sooner(approval.expiresAt, approval.voidedAt),
      })),
    })),
    deployments: row.deployments.map((run) => ({
      environment: run.environment.key,
      rollback: run.kind === "rollback",
      state: run.state,
      createdAt: run.createdAt,
      scheduledAt: run.scheduledAt,
      endedAt: run.endedAt,
      attempts: attemptsOf(run, earlier),
    })),
  };
}

const sooner = (a: Date, b: Date | null): Date => (b !== null && b < a ? b : a);

/** A stage has no column for it: it gives its environment up then. After a verdict the environment is free anyway. */
function leftAt(row: Row, stage: Row["stages"][number]): Date | null {
  if (stage.verdictAt !== null || (stage.state !== "superseded" && stage.state !== "rolled_back"))
    return null;
  const ends = row.reservations.flatMap(({ environmentId, releasedAt }) =>
    environmentId === stage.environmentId && releasedAt !== null ? [releasedAt] : [],
  );
  return ends.reduce<Date | null>((last, end) => (last === null || end > last ? end : last), null);
}
