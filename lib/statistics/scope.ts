import { type Actor, readableProjects } from "#lib/access/actor.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import type { StatisticsQuery } from "./schema.ts";

/** Condition on `p` ("Project"): those that the actor may read and that are asked for. */
export function scope(actor: Actor, { project }: Pick<StatisticsQuery, "project">): Prisma.Sql {
  const ids = readableProjects(actor);
  return Prisma.sql`${ids ? Prisma.sql`p.id = ANY(${ids}::uuid[])` : Prisma.sql`true`}
    AND ${project ? Prisma.sql`p.key = ${project}` : Prisma.sql`true`}`;
}

/** Condition: a time is in the period, whose first day begins at midnight in the reader's zone. */
export const since = (column: string, { days, zone }: StatisticsQuery): Prisma.Sql =>
  Prisma.sql`${Prisma.raw(column)} >= (date_trunc('day', now() AT TIME ZONE ${zone})
    - make_interval(days => ${days - 1})) AT TIME ZONE ${zone}`;

/** The day (YYYY-MM-DD) of a time in the reader's zone. */
export const dayOf = (column: string, { zone }: StatisticsQuery): Prisma.Sql =>
  Prisma.sql`to_char(${Prisma.raw(column)} AT TIME ZONE ${zone}, 'YYYY-MM-DD')`;
