import { type Actor, readableProjects } from "#lib/access/actor.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import type { StatisticsQuery } from "./schema.ts";

/** Condition on `p` ("Project"): those that the actor may read and that are asked for. */
export function scope(actor: Actor, { project }: Pick<StatisticsQuery, "project">): Prisma.Sql {
  const ids = readableProjects(actor);
  return Prisma.sql`${ids ? Prisma.sql`p.id = ANY(${ids}::uuid[])` : Prisma.sql`true`}
    AND ${project ? Prisma.sql`p.key = ${project}` : Prisma.sql`true`}`;
}

/** Condition on the id of a release order: it has the component that is asked for. */
export const withComponent = (release: string, { component }: StatisticsQuery): Prisma.Sql =>
  component
    ? Prisma.sql`EXISTS (SELECT 1 FROM "ReleaseItem" wi JOIN "Component" wc ON wc.id = wi."componentId"
        WHERE wi."releaseId" = ${Prisma.raw(release)} AND wc.key = ${component})`
    : Prisma.sql`true`;

/** Condition on the id of a release order: it got into the environment that is asked for. Images and builds belong to none. */
export const reached = (release: string, { environment }: StatisticsQuery): Prisma.Sql =>
  environment
    ? Prisma.sql`EXISTS (SELECT 1 FROM "Stage" ws JOIN "Environment" we ON we.id = ws."environmentId"
        WHERE ws."releaseId" = ${Prisma.raw(release)} AND we.key = ${environment} AND ws."enteredAt" IS NOT NULL)`
    : Prisma.sql`true`;

/**
 * The row of a table with an id, looked up one by one: a period has few of a table's rows, and reading all of them to
 * join with those would cost more with every year. To be joined as `JOIN LATERAL (…) x ON true`.
 */
export const rowOf = (table: "Release" | "ReleaseItem", id: string): Prisma.Sql =>
  Prisma.raw(`(SELECT * FROM "${table}" WHERE id = ${id} OFFSET 0)`);

/** Condition: a column is the value that is asked for, if one is. */
export const isAsked = (column: string, value: string | undefined): Prisma.Sql =>
  value ? Prisma.sql`${Prisma.raw(column)} = ${value}` : Prisma.sql`true`;

/** Condition: a time is in the period, whose days begin at midnight in the reader's zone. */
export function since(column: string, { days, back, zone }: StatisticsQuery): Prisma.Sql {
  const midnight = (ago: number) =>
    Prisma.sql`(date_trunc('day', now() AT TIME ZONE ${zone}) - make_interval(days => ${ago})) AT TIME ZONE ${zone}`;
  const from = Prisma.sql`${Prisma.raw(column)} >= ${midnight(back + days - 1)}`;
  return back === 0 ? from : Prisma.sql`${from} AND ${Prisma.raw(column)} < ${midnight(back - 1)}`;
}

/** The day (YYYY-MM-DD) of a time in the reader's zone. */
export const dayOf = (column: string, { zone }: StatisticsQuery): Prisma.Sql =>
  Prisma.sql`to_char(${Prisma.raw(column)} AT TIME ZONE ${zone}, 'YYYY-MM-DD')`;
