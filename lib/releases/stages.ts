import { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { enterBlockers, mustQueue } from "#lib/stages/rules.ts";
import { STAGE_ACTIONS, STAGE_STATES } from "#lib/stages/state.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { roleBlockers } from "./actions.ts";
import type { ActionDto, DeploymentSummaryDto, StageDto } from "./schema.ts";
import { iso, person, stageNames } from "./select.ts";
import type { ShownState } from "./shown-state.ts";

const stageStateSchema = z.enum(STAGE_STATES);

/** Every deployment of a release, newest first. */
export async function describeDeployments(releaseId: string): Promise<DeploymentSummaryDto[]> {
  const rows = await db.deployment.findMany({
    where: { releaseId },
    orderBy: { id: "desc" },
    select: {
      id: true,
      kind: true,
      state: true,
      createdAt: true,
      startedAt: true,
      endedAt: true,
      createdBy: person,
      environment: { select: { key: true } },
      plan: {
        select: {
          digest: true,
          approvals: {
            where: { decision: "approve", voidedAt: null },
            orderBy: { createdAt: "asc" },
            select: { user: person },
          },
        },
      },
    },
  });
  return rows.map(({ environment, plan, ...row }) => ({
    ...row,
    environment: environment.key,
    planDigest: plan.digest,
    approvedBy: plan.approvals.map(({ user }) => user),
    createdAt: row.createdAt.toISOString(),
    startedAt: iso(row.startedAt),
    endedAt: iso(row.endedAt),
  }));
}

/** The stages of a release with everything that decides what can be done in each: a fixed number of queries. */
export async function describeStages(
  actor: Actor,
  release: {
    id: string;
    number: string;
    /** In a reader's words: what a refusal names. */
    shown: ShownState;
    projectId: string;
    deployments: readonly DeploymentSummaryDto[];
  },
): Promise<{ stages: StageDto[]; approvalsGiven: Map<string, number> }> {
  const { projectId } = release;
  const now = await databaseTime(db);
  const [rows, reservations, queue, running, approvalsGiven] = await Promise.all([
    stageRows(release.id),
    standingReservations(projectId, now),
    db.queueEntry.findMany({
      where: { projectId, endedAt: null },
      orderBy: { id: "asc" },
      select: { environmentId: true, releaseId: true },
    }),
    runningReleases(projectId),
    standingApprovals(release.id, now),
  ]);

  const stages = rows.map((row, index): StageDto => {
    const { environment } = row;
    const state = stageStateSchema.parse(row.state);
    const before = rows[index - 1];
    const held = reservations.find(({ environmentId }) => environmentId === environment.id);
    const waiting = queue.filter(({ environmentId }) => environmentId === environment.id);
    const place = waiting.findIndex(({ releaseId }) => releaseId === release.id);
    const enter = enterBlockers({
      release: release.number,
      releaseState: release.shown,
      stageState: state,
      environment: environment.key,
      previous: before
        ? { environment: before.environment.key, state: stageStateSchema.parse(before.state) }
        : null,
    });
    const actions = Object.entries(STAGE_ACTIONS).flatMap(([action, rule]): ActionDto[] => {
      if (!rule.from.some((from) => from === state)) return [];
      const missing = roleBlockers(actor, rule.permission, projectId);
      return [{ action, blockers: action === "enter" ? [...missing, ...enter] : missing }];
    });
    return {
      ...stageNames(environment),
      state,
      version: row.version,
      enteredBy: row.enteredBy,
      enteredAt: iso(row.enteredAt),
      testingAt: iso(row.testingAt),
      verdictBy: row.verdictBy,
      verdictAt: iso(row.verdictAt),
      verdictComment: row.verdictComment,
      approvalsRequired: environment.approvalsRequired,
      runningRelease: running.get(environment.id) ?? null,
      reservation: held
        ? {
            release: held.release.number,
            heldBy: held.heldBy,
            since: held.createdAt.toISOString(),
            until: iso(held.until),
          }
        : null,
      queueLength: waiting.length,
      queuePosition: place === -1 ? null : place + 1,
      enterQueues: mustQueue(release.id, { holderReleaseId: held?.releaseId ?? null, queue: waiting }),
      deployment:
        release.deployments.find((deployment) => deployment.environment === environment.key) ?? null,
      actions,
    };
  });
  return { stages, approvalsGiven };
}

/** Of a release, in the order of its environments. */
const stageRows = (releaseId: string) =>
  db.stage.findMany({
    where: { releaseId },
    orderBy: { environment: { rank: "asc" } },
    select: {
      state: true,
      version: true,
      enteredAt: true,
      testingAt: true,
      verdictAt: true,
      verdictComment: true,
      enteredBy: person,
      verdictBy: person,
      environment: {
        select: { id: true, key: true, name: true, kind: true, rank: true, approvalsRequired: true },
      },
    },
  });

const standingReservations = (projectId: string, now: Date) =>
  db.reservation.findMany({
    where: { projectId, releasedAt: null, OR: [{ until: null }, { until: { gt: now } }] },
    select: {
      environmentId: true,
      releaseId: true,
      createdAt: true,
      until: true,
      heldBy: person,
      release: { select: { number: true } },
    },
  });

/** By environment id: the release of the last successful deployment. */
async function runningReleases(projectId: string): Promise<Map<string, string>> {
  const rows = await db.$queryRaw<{ environmentId: string; number: string }[]>`
    SELECT DISTINCT ON (d."environmentId") d."environmentId", r.number
    FROM "Deployment" d JOIN "Release" r ON r.id = d."releaseId"
    WHERE d."projectId" = ${projectId}::uuid AND d.state = 'succeeded'
    ORDER BY d."environmentId", d."endedAt" DESC NULLS LAST, d.id DESC`;
  return new Map(rows.map(({ environmentId, number }) => [environmentId, number]));
}

/** By environment key: standing approvals of the newest plan of this release. */
async function standingApprovals(releaseId: string, now: Date): Promise<Map<string, number>> {
  const plans = await db.plan.findMany({
    where: { releaseId },
    orderBy: { computedAt: "desc" },
    select: {
      environment: { select: { key: true } },
      _count: {
        select: {
          approvals: { where: { decision: "approve", voidedAt: null, expiresAt: { gt: now } } },
        },
      },
    },
  });
  const given = new Map<string, number>();
  for (const { environment, _count } of plans) {
    if (!given.has(environment.key)) given.set(environment.key, _count.approvals);
  }
  return given;
}
