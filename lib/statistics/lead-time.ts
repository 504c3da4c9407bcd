import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { type ChangeGroup, changeFailureRate } from "./change-failure.ts";
import { FAILED } from "./deployments.ts";
import type { LeadTime, StatisticsQuery } from "./schema.ts";
import { isAsked, rowOf, scope, since, withComponent } from "./scope.ts";

/**
 * Release orders that arrived in the period: released, or passed in the environment that is asked for. Columns: `id`,
 * `project` (key), `createdAt`, `at`.
 */
export function arrivalsSql(actor: Actor, query: StatisticsQuery): Prisma.Sql {
  const { environment } = query;
  const where = Prisma.sql`${scope(actor, query)} AND ${withComponent("r.id", query)}`;
  return environment
    ? Prisma.sql`
      SELECT r.id, p.key AS project, r."createdAt", s."verdictAt" AS at FROM "Stage" s
      JOIN "Environment" e ON e.id = s."environmentId" JOIN LATERAL ${rowOf("Release", `s."releaseId"`)} r ON true
      JOIN "Project" p ON p.id = r."projectId"
      WHERE ${where} AND e.key = ${environment} AND s.state <> 'rejected' AND ${since(`s."verdictAt"`, query)}`
    : Prisma.sql`
      SELECT r.id, p.key AS project, r."createdAt", r."endedAt" AS at FROM "Release" r
      JOIN "Project" p ON p.id = r."projectId"
      WHERE ${where} AND r.state = 'released' AND ${since(`r."endedAt"`, query)}`;
}

const MOST_PROJECTS = 200;

/**
 * Common tables: `goal`, the environment that counts of each project, and `run`, the deployments to it of the period that
 * came to an end, with `fell`: when each attempt before the last one failed, as its steps tell. Only a deployment that failed
 * is tried again, so that there was a failure even where no step began: the attempt was refused when its turn came. Its time is
 * that of its entry in the audit trail, which has one for every failed attempt.
 */
const goalRuns = (actor: Actor, query: StatisticsQuery): Prisma.Sql => Prisma.sql`
    goal AS (
      SELECT DISTINCT ON (pe."projectId") pe."projectId", pe."environmentId", p.key
      FROM "ProjectEnvironment" pe JOIN "Project" p ON p.id = pe."projectId"
      JOIN "Environment" e ON e.id = pe."environmentId"
      WHERE ${scope(actor, query)} AND ${isAsked("e.key", query.environment)}
      ORDER BY pe."projectId", e.rank DESC),
    run AS MATERIALIZED (
      SELECT g.key, d."projectId", d."environmentId", d."releaseId", d.kind, d.state, d."endedAt", d.attempt, earlier.fell
      FROM "Deployment" d JOIN goal g ON g."projectId" = d."projectId" AND g."environmentId" = d."environmentId"
      LEFT JOIN LATERAL (
        SELECT array_agg(at) FILTER (WHERE at IS NOT NULL) AS fell FROM (
          SELECT coalesce(
            (SELECT max(s."endedAt") FROM "DeploymentTarget" t JOIN "DeploymentStep" s ON s."deploymentTargetId" = t.id
              WHERE t."deploymentId" = d.id AND s.attempt = nth),
            (SELECT a.at FROM "AuditEntry" a
              WHERE a.subject = 'deployment' AND a."subjectId" = d.id::text AND a.action = 'deployment.fail'
              ORDER BY a.seq OFFSET nth - 1 LIMIT 1)) AS at
          FROM generate_series(1, d.attempt - 1) nth) earlier) earlier ON d.attempt > 1
      WHERE d."endedAt" IS NOT NULL AND (state = 'succeeded' OR ${FAILED}) AND ${withComponent(`d."releaseId"`, query)} AND ${since(`d."createdAt"`, query)})`;

type Row = Omit<LeadTime["all"], "failureRate"> & { project: string | null };

/** The statement behind the figures of `leadTime` but the failure rate: the project with the most arrivals first. */
export function leadTimeSql(actor: Actor, query: StatisticsQuery): Prisma.Sql {
  return Prisma.sql`
    WITH ${goalRuns(actor, query)},
    turn AS (
      SELECT key, "projectId", "endedAt" AS at, state = 'succeeded' AS good FROM run
      UNION ALL SELECT key, "projectId", at, false FROM run, unnest(fell) at),
    fall AS (
      SELECT key, at, good, min(at) FILTER (WHERE good) OVER later AS better FROM turn
      WINDOW later AS (PARTITION BY "projectId" ORDER BY at ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)),
    restored AS (
      SELECT key, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM better - at)::float8)::float8 AS restore
      FROM fall WHERE NOT good GROUP BY GROUPING SETS ((key), ())),
    deployed AS (SELECT key, count(*)::int AS deployments FROM run GROUP BY GROUPING SETS ((key), ())),
    arrived AS (
      SELECT project AS key, count(*)::int AS releases,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM at - "createdAt")::float8) AS median
      FROM (${arrivalsSql(actor, query)}) arrival GROUP BY GROUPING SETS ((project), ()))
    SELECT coalesce(arrived.key, deployed.key) AS project, coalesce(arrived.releases, 0) AS releases,
      coalesce(deployed.deployments, 0) AS deployments, arrived.median AS "medianSeconds", restored.restore AS "restoreSeconds"
    FROM arrived FULL JOIN deployed ON coalesce(deployed.key, '') = coalesce(arrived.key, '')
    LEFT JOIN restored ON coalesce(restored.key, '') = coalesce(deployed.key, '')
    ORDER BY coalesce(arrived.key, deployed.key) IS NOT NULL, 2 DESC, 1 LIMIT ${MOST_PROJECTS + 1}`;
}

/** The statement behind the failure rate: how many changes of each project went which way. */
export const changesSql = (actor: Actor, query: StatisticsQuery): Prisma.Sql => Prisma.sql`
    WITH ${goalRuns(actor, query)},
    change AS (
      SELECT key, "releaseId", "environmentId", bool_or(${FAILED} OR attempt > 1) AS failed,
        bool_or(state IN ('rolling_back', 'rolled_back')) AS undone
      FROM run WHERE kind = 'deploy' GROUP BY 1, 2, 3)
    SELECT key AS project, failed, undone OR coalesce(stage.state = 'rolled_back', false) AS "rolledBack", count(*)::int AS changes
    FROM change LEFT JOIN LATERAL (
      SELECT state FROM "Stage" s
      WHERE s."releaseId" = change."releaseId" AND s."environmentId" = change."environmentId" OFFSET 0) stage ON true
    GROUP BY 1, 2, 3`;

const NOTHING = { releases: 0, deployments: 0, medianSeconds: null, restoreSeconds: null };

/**
 * Lead time, change failure rate and time to restore, by project and over all of them (from the single release orders
 * and deployments, not from the projects' figures). The environment that is asked for counts, else the last one of each
 * project's path.
 */
export async function leadTime(actor: Actor, query: StatisticsQuery): Promise<LeadTime> {
  const [rows, groups] = await Promise.all([
    db.$queryRaw<Row[]>(leadTimeSql(actor, query)),
    db.$queryRaw<(ChangeGroup & { project: string })[]>(changesSql(actor, query)),
  ]);
  const byProject = Map.groupBy(groups, ({ project }) => project);
  const all = rows.find(({ project }) => project === null);
  const { project: _, ...figures } = all ?? { project: null, ...NOTHING };
  return {
    all: { ...figures, failureRate: changeFailureRate(groups) },
    items: rows.flatMap(({ project, ...row }) =>
      project === null
        ? []
        : [{ ...row, project, failureRate: changeFailureRate(byProject.get(project) ?? []) }],
    ),
  };
}
