import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import type { LeadTime, StatisticsQuery } from "./schema.ts";
import { dayOf, scope, since } from "./scope.ts";

/** Images published per project and day. */
export async function imagesPerDay(actor: Actor, query: StatisticsQuery) {
  const items = await db.$queryRaw<{ day: string; project: string; images: number }[]>`
    SELECT ${dayOf(`a."createdAt"`, query)} AS day, p.key AS project, count(*)::int AS images
    FROM "Artifact" a JOIN "ReleaseItem" i ON i.id = a."itemId" JOIN "Release" r ON r.id = i."releaseId"
    JOIN "Project" p ON p.id = r."projectId"
    WHERE ${scope(actor, query)} AND ${since(`a."createdAt"`, query)} GROUP BY 1, 2 ORDER BY 1, 2`;
  return { items };
}

/** Deployments per project, environment and day. */
export async function deploymentsPerDay(actor: Actor, query: StatisticsQuery) {
  const items = await db.$queryRaw<
    { day: string; project: string; environment: string; succeeded: number; failed: number }[]
  >`
    SELECT ${dayOf(`d."createdAt"`, query)} AS day, p.key AS project, e.key AS environment,
      count(*) FILTER (WHERE d.state = 'succeeded')::int AS succeeded,
      count(*) FILTER (WHERE d.state IN ('failed', 'rolling_back', 'rolled_back'))::int AS failed
    FROM "Deployment" d JOIN "Project" p ON p.id = d."projectId" JOIN "Environment" e ON e.id = d."environmentId"
    WHERE ${scope(actor, query)} AND ${since(`d."createdAt"`, query)} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
  return { items };
}

const FAILED = Prisma.sql`state IN ('failed', 'rolling_back', 'rolled_back')`;
type Row = LeadTime["all"] & { project: string | null };

/**
 * Lead time, change failure rate and time to restore, by project and over all of them (from the single release orders
 * and deployments, not from the projects' figures). The last environment of each project's path counts.
 */
export async function leadTime(actor: Actor, query: StatisticsQuery): Promise<LeadTime> {
  const rows = await db.$queryRaw<Row[]>`
    WITH mine AS (SELECT p.id, p.key FROM "Project" p WHERE ${scope(actor, query)}),
    last AS (
      SELECT DISTINCT ON (pe."projectId") pe."projectId", pe."environmentId"
      FROM "ProjectEnvironment" pe JOIN mine ON mine.id = pe."projectId" JOIN "Environment" e ON e.id = pe."environmentId"
      ORDER BY pe."projectId", e.rank DESC),
    runs AS (
      SELECT mine.key, d.state, extract(epoch FROM (
          SELECT min(n."endedAt") FROM "Deployment" n WHERE n."projectId" = d."projectId"
          AND n."environmentId" = d."environmentId" AND n.state = 'succeeded' AND n."endedAt" > d."endedAt")
          - d."endedAt")::float8 AS restore
      FROM "Deployment" d JOIN last l ON l."projectId" = d."projectId" AND l."environmentId" = d."environmentId"
      JOIN mine ON mine.id = d."projectId"
      WHERE d."endedAt" IS NOT NULL AND ${since(`d."createdAt"`, query)}),
    deployed AS (
      SELECT key, (count(*) FILTER (WHERE ${FAILED}))::float8 / nullif(count(*), 0) AS rate,
        (percentile_cont(0.5) WITHIN GROUP (ORDER BY restore) FILTER (WHERE ${FAILED}))::float8 AS restore
      FROM runs GROUP BY GROUPING SETS ((key), ())),
    released AS (
      SELECT mine.key, count(*)::int AS releases,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r."endedAt" - r."createdAt")::float8) AS median
      FROM "Release" r JOIN mine ON mine.id = r."projectId"
      WHERE r.state = 'released' AND ${since(`r."endedAt"`, query)} GROUP BY GROUPING SETS ((mine.key), ()))
    SELECT names.key AS project, coalesce(released.releases, 0) AS releases, released.median AS "medianSeconds",
      deployed.rate AS "failureRate", deployed.restore AS "restoreSeconds"
    FROM (SELECT key FROM mine UNION ALL SELECT NULL) names
    LEFT JOIN released ON released.key IS NOT DISTINCT FROM names.key
    LEFT JOIN deployed ON deployed.key IS NOT DISTINCT FROM names.key
    ORDER BY names.key`;
  const figures = ({ project: _, ...rest }: Row) => rest;
  const all = rows.find(({ project }) => project === null);
  return {
    all: all ? figures(all) : { releases: 0, medianSeconds: null, failureRate: null, restoreSeconds: null },
    items: rows.flatMap((row) => (row.project === null ? [] : [{ ...figures(row), project: row.project }])),
  };
}
