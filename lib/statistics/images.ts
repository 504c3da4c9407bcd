import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import type { ImagesPerDay, StatisticsQuery } from "./schema.ts";
import { dayOf, isAsked, reached, rowOf, scope, since } from "./scope.ts";

/** So many projects or components are told apart, the busiest; what the others published is one row a day. */
export const MOST_NAMED = 20;

/** The statement behind `imagesPerDay`, by component or by project. */
export function imagesSql(actor: Actor, query: StatisticsQuery, by: "component" | "project"): Prisma.Sql {
  const component = by === "component" ? Prisma.sql`c.key` : Prisma.sql`NULL::text`;
  return Prisma.sql`
    WITH published AS MATERIALIZED (
      SELECT ${dayOf(`a."createdAt"`, query)} AS day, p.key AS project, ${component} AS component
      FROM "Artifact" a JOIN LATERAL ${rowOf("ReleaseItem", `a."itemId"`)} i ON true
      JOIN "Component" c ON c.id = i."componentId" JOIN "Project" p ON p.id = c."projectId"
      WHERE ${scope(actor, query)} AND ${isAsked("c.key", query.component)} AND ${reached(`i."releaseId"`, query)}
        AND ${since(`a."createdAt"`, query)}),
    named AS (SELECT project, component FROM published GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2 LIMIT ${MOST_NAMED})
    SELECT p.day, n.project, n.component, count(*)::int AS images FROM published p
    LEFT JOIN named n ON n.project = p.project AND n.component IS NOT DISTINCT FROM p.component
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
}

/** Images published a day, by project and by component. */
export async function imagesPerDay(actor: Actor, query: StatisticsQuery): Promise<ImagesPerDay> {
  const [projects, components] = await Promise.all([
    db.$queryRaw<ImagesPerDay["projects"]>(imagesSql(actor, query, "project")),
    db.$queryRaw<ImagesPerDay["components"]>(imagesSql(actor, query, "component")),
  ]);
  return { projects: projects.map(({ day, project, images }) => ({ day, project, images })), components };
}
