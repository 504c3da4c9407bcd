import { type Actor, readableProjects } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import type { StatisticsQuery } from "./schema.ts";

/** Days are those of the firm, not of the server. */
const ZONE = "Asia/Shanghai";

function scope(actor: Actor, query: StatisticsQuery): Prisma.Sql {
  const ids = readableProjects(actor);
  return Prisma.sql`${ids ? Prisma.sql`p.id = ANY(${ids}::uuid[])` : Prisma.sql`true`}
    AND ${query.project ? Prisma.sql`p.key = ${query.project}` : Prisma.sql`true`}`;
}
const since = (column: string, query: StatisticsQuery) =>
  Prisma.sql`${Prisma.raw(column)} >= now() - make_interval(days => ${query.days})`;
const dayOf = (column: string) =>
  Prisma.sql`to_char(${Prisma.raw(column)} AT TIME ZONE ${ZONE}, 'YYYY-MM-DD')`;

/** Images published per project and day. */
export async function imagesPerDay(actor: Actor, query: StatisticsQuery) {
  const items = await db.$queryRaw<{ day: string; project: string; images: number }[]>`
    SELECT ${dayOf(`a."createdAt"`)} AS day, p.key AS project, count(*)::int AS images
    FROM "Artifact" a JOIN "ReleaseItem" i ON i.id = a."itemId" JOIN "Release" r ON r.id = i."releaseId"
    JOIN "Project" p ON p.id = r."projectId"
    WHERE ${scope(actor, query)} AND ${since(`a."createdAt"`, query)} GROUP BY 1, 2 ORDER BY 1, 2`;
  return { items };
}

export async function buildsPerDay(actor: Actor, query: StatisticsQuery) {
  const seconds = Prisma.sql`extract(epoch FROM b."endedAt" - b."startedAt")`;
  const items = await db.$queryRaw<
    {
      day: string;
      project: string;
      succeeded: number;
      failed: number;
      medianSeconds: number | null;
      p90Seconds: number | null;
    }[]
  >`
    SELECT ${dayOf(`b."createdAt"`)} AS day, p.key AS project,
      count(*) FILTER (WHERE b.state = 'succeeded')::int AS succeeded,
      count(*) FILTER (WHERE b.state = 'failed')::int AS failed,
      (percentile_cont(0.5) WITHIN GROUP (ORDER BY ${seconds}))::float8 AS "medianSeconds",
      (percentile_cont(0.9) WITHIN GROUP (ORDER BY ${seconds}))::float8 AS "p90Seconds"
    FROM "Build" b JOIN "ReleaseItem" i ON i.id = b."itemId" JOIN "Release" r ON r.id = i."releaseId"
    JOIN "Project" p ON p.id = r."projectId"
    WHERE ${scope(actor, query)} AND ${since(`b."createdAt"`, query)} GROUP BY 1, 2 ORDER BY 1, 2`;
  return { items };
}

export async function deploymentsPerDay(actor: Actor, query: StatisticsQuery) {
  const items = await db.$queryRaw<
    { day: string; project: string; environment: string; succeeded: number; failed: number }[]
  >`
    SELECT ${dayOf(`d."createdAt"`)} AS day, p.key AS project, e.key AS environment,
      count(*) FILTER (WHERE d.state = 'succeeded')::int AS succeeded,
      count(*) FILTER (WHERE d.state IN ('failed', 'rolling_back', 'rolled_back'))::int AS failed
    FROM "Deployment" d JOIN "Project" p ON p.id = d."projectId" JOIN "Environment" e ON e.id = d."environmentId"
    WHERE ${scope(actor, query)} AND ${since(`d."createdAt"`, query)} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
  return { items };
}

/** Lead time, change failure rate and time to restore, by project (the last environment of the path counts). */
export async function leadTime(actor: Actor, query: StatisticsQuery) {
  const items = await db.$queryRaw<
    {
      project: string;
      releases: number;
      medianSeconds: number | null;
      failureRate: number | null;
      restoreSeconds: number | null;
    }[]
  >`
    WITH last AS (
      SELECT DISTINCT ON (pe."projectId") pe."projectId", pe."environmentId"
      FROM "ProjectEnvironment" pe JOIN "Environment" e ON e.id = pe."environmentId"
      ORDER BY pe."projectId", e.rank DESC),
    runs AS (
      SELECT d.*, (SELECT min(n."endedAt") FROM "Deployment" n WHERE n."projectId" = d."projectId"
          AND n."environmentId" = d."environmentId" AND n.state = 'succeeded' AND n."endedAt" > d."endedAt") AS restored
      FROM "Deployment" d JOIN last l ON l."projectId" = d."projectId" AND l."environmentId" = d."environmentId"
      WHERE d."endedAt" IS NOT NULL AND ${since(`d."createdAt"`, query)}),
    failures AS (
      SELECT "projectId",
        (count(*) FILTER (WHERE state IN ('failed', 'rolling_back', 'rolled_back')))::float8 / nullif(count(*), 0) AS rate,
        (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM restored - "endedAt"))
          FILTER (WHERE state IN ('failed', 'rolling_back', 'rolled_back')))::float8 AS restore
      FROM runs GROUP BY 1)
    SELECT p.key AS project,
      count(r.id) FILTER (WHERE r.state = 'released')::int AS releases,
      (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r."endedAt" - r."createdAt"))
        FILTER (WHERE r.state = 'released'))::float8 AS "medianSeconds",
      max(f.rate) AS "failureRate", max(f.restore) AS "restoreSeconds"
    FROM "Project" p LEFT JOIN "Release" r ON r."projectId" = p.id AND ${since(`r."createdAt"`, query)}
    LEFT JOIN failures f ON f."projectId" = p.id
    WHERE ${scope(actor, query)} GROUP BY p.key ORDER BY p.key`;
  return { items };
}
