import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
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
type Row = LeadTime["all"] & { project: string | null };

/** The statement behind `leadTime`: every project that had something in the period, the one with the most first. */
export function leadTimeSql(actor: Actor, query: StatisticsQuery): Prisma.Sql {
  return Prisma.sql`
    WITH goal AS (
      SELECT DISTINCT ON (pe."projectId") pe."projectId", pe."environmentId", p.key
      FROM "ProjectEnvironment" pe JOIN "Project" p ON p.id = pe."projectId"
      JOIN "Environment" e ON e.id = pe."environmentId"
      WHERE ${scope(actor, query)} AND ${isAsked("e.key", query.environment)}
      ORDER BY pe."projectId", e.rank DESC),
    run AS (
      SELECT g.key, d.state, d."endedAt", min(d."endedAt") FILTER (WHERE d.state = 'succeeded') OVER later AS better
      FROM "Deployment" d JOIN goal g ON g."projectId" = d."projectId" AND g."environmentId" = d."environmentId"
      WHERE d."endedAt" IS NOT NULL AND (state = 'succeeded' OR ${FAILED}) AND ${withComponent(`d."releaseId"`, query)} AND ${since(`d."createdAt"`, query)}
      WINDOW later AS (PARTITION BY d."projectId" ORDER BY d."endedAt" ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)),
    deployed AS (
      SELECT key, count(*)::int AS deployments, (count(*) FILTER (WHERE ${FAILED}))::float8 / nullif(count(*), 0) AS rate,
        (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM better - "endedAt")::float8)
          FILTER (WHERE ${FAILED}))::float8 AS restore
      FROM run GROUP BY GROUPING SETS ((key), ())),
    arrived AS (
      SELECT project AS key, count(*)::int AS releases,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM at - "createdAt")::float8) AS median
      FROM (${arrivalsSql(actor, query)}) arrival GROUP BY GROUPING SETS ((project), ()))
    SELECT coalesce(arrived.key, deployed.key) AS project, coalesce(arrived.releases, 0) AS releases,
      coalesce(deployed.deployments, 0) AS deployments, arrived.median AS "medianSeconds", deployed.rate AS "failureRate", deployed.restore AS "restoreSeconds"
    FROM arrived FULL JOIN deployed ON coalesce(deployed.key, '') = coalesce(arrived.key, '')
    ORDER BY coalesce(arrived.key, deployed.key) IS NOT NULL, 2 DESC, 1 LIMIT ${MOST_PROJECTS + 1}`;
}

const NOTHING = { releases: 0, deployments: 0, medianSeconds: null, failureRate: null, restoreSeconds: null };

/**
 * Lead time, change failure rate and time to restore, by project and over all of them (from the single release orders
 * and deployments, not from the projects' figures). The environment that is asked for counts, else the last one of each
 * project's path.
 */
export async function leadTime(actor: Actor, query: StatisticsQuery): Promise<LeadTime> {
  const rows = await db.$queryRaw<Row[]>(leadTimeSql(actor, query));
  const figures = ({ project: _, ...rest }: Row) => rest;
  const all = rows.find(({ project }) => project === null);
  return {
    all: all ? figures(all) : NOTHING,
    items: rows.flatMap((row) => (row.project === null ? [] : [{ ...figures(row), project: row.project }])),
  };
}
