import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { MOST_NAMED } from "./images.ts";
import type { DeploymentStatistics, StatisticsQuery } from "./schema.ts";
import { dayOf, isAsked, scope, since, withComponent } from "./scope.ts";

/** Deployments that went wrong: what they left was repaired, undone, or still is to be. */
export const FAILED = Prisma.sql`state IN ('failed', 'rolling_back', 'rolled_back')`;

/** Deployments of the period, as the common table `run`. */
const runs = (actor: Actor, query: StatisticsQuery) => Prisma.sql`
  SELECT ${dayOf(`d."createdAt"`, query)} AS day, p.key AS project, e.key AS environment, e.rank, d.state,
    coalesce(d.cause->>'code', 'UNKNOWN') AS cause
  FROM "Deployment" d JOIN "Project" p ON p.id = d."projectId" JOIN "Environment" e ON e.id = d."environmentId"
  WHERE ${scope(actor, query)} AND ${isAsked("e.key", query.environment)}
    AND ${withComponent(`d."releaseId"`, query)} AND ${since(`d."createdAt"`, query)}`;

/** The statement behind the days of `deploymentStatistics`. */
export function deploymentsSql(actor: Actor, query: StatisticsQuery): Prisma.Sql {
  return Prisma.sql`
    WITH run AS MATERIALIZED (${runs(actor, query)}),
    named AS (SELECT project FROM run GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${MOST_NAMED})
    SELECT run.day, named.project, run.environment, count(*) FILTER (WHERE state = 'succeeded')::int AS succeeded,
      count(*) FILTER (WHERE ${FAILED})::int AS failed
    FROM run LEFT JOIN named ON named.project = run.project
    GROUP BY run.day, named.project, run.environment, run.rank
    HAVING count(*) FILTER (WHERE state = 'succeeded' OR ${FAILED}) > 0
    ORDER BY run.day, named.project, run.rank`;
}

/** The statement behind the causes of `deploymentStatistics`. */
export const deploymentCausesSql = (actor: Actor, query: StatisticsQuery): Prisma.Sql => Prisma.sql`
  SELECT cause AS code, count(*)::int AS deployments FROM (${runs(actor, query)}) run
  WHERE ${FAILED} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50`;

/** Deployments a day by project and environment, and why some failed. */
export async function deploymentStatistics(
  actor: Actor,
  query: StatisticsQuery,
): Promise<DeploymentStatistics> {
  const [items, causes] = await Promise.all([
    db.$queryRaw<DeploymentStatistics["items"]>(deploymentsSql(actor, query)),
    db.$queryRaw<DeploymentStatistics["causes"]>(deploymentCausesSql(actor, query)),
  ]);
  return { items, causes };
}
