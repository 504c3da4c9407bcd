import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import type { BuildFigures, BuildStatistics, StatisticsQuery } from "./schema.ts";
import { dayOf, isAsked, reached, rowOf, scope, since } from "./scope.ts";

type Row = {
  day: string | null;
  project: string | null;
  component: string | null;
  server: string | null;
  /** Which of the groups it is: `grouping()` of day, project, component, server. */
  grouped: number;
  succeeded: number;
  failed: number;
  aborted: number;
  duration: (number | null)[] | null;
  queue: (number | null)[] | null;
};
/** Bits of `grouping()`: one for each column that the group is not by. */
const GROUPS = { day: 0b0111, project: 0b1011, component: 0b1001, server: 0b1110, all: 0b1111 } as const;
const MOST_COMPONENTS = 200;

/** Builds of the period with what every figure needs, as the common table `built`. */
function builtIn(actor: Actor, query: StatisticsQuery): Prisma.Sql {
  return Prisma.sql`
    SELECT ${dayOf(`b."createdAt"`, query)} AS day, p.key AS project, c.key AS component, s.key AS server, b.state,
      coalesce(b.cause->>'code', 'UNKNOWN') AS cause,
      CASE WHEN b.state = 'succeeded' THEN extract(epoch FROM b."endedAt" - b."startedAt")::float8 END AS duration,
      extract(epoch FROM b."startedAt" - b."createdAt")::float8 AS queue
    FROM "Build" b JOIN LATERAL ${rowOf("ReleaseItem", `b."itemId"`)} i ON true JOIN "Component" c ON c.id = i."componentId"
    JOIN "Project" p ON p.id = c."projectId" LEFT JOIN "BuildServer" s ON s.id = b."buildServerId"
    WHERE ${scope(actor, query)} AND ${isAsked("c.key", query.component)} AND ${reached(`i."releaseId"`, query)}
      AND ${since(`b."createdAt"`, query)}`;
}

/** The statement behind `buildStatistics`: every group of the period in one look at its builds. */
export function buildGroupsSql(actor: Actor, query: StatisticsQuery): Prisma.Sql {
  return Prisma.sql`
    WITH built AS MATERIALIZED (${builtIn(actor, query)})
    SELECT day, project, component, server, grouping(day, project, component, server)::int AS grouped,
      count(*) FILTER (WHERE state = 'succeeded')::int AS succeeded,
      count(*) FILTER (WHERE state = 'failed')::int AS failed,
      count(*) FILTER (WHERE state = 'aborted')::int AS aborted,
      percentile_cont(ARRAY[0.5, 0.75, 0.95]) WITHIN GROUP (ORDER BY duration) AS duration,
      percentile_cont(ARRAY[0.5, 0.75, 0.95]) WITHIN GROUP (ORDER BY greatest(queue, 0)) FILTER (WHERE queue IS NOT NULL) AS queue
    FROM built GROUP BY GROUPING SETS ((day), (project), (project, component), (server), ())
    ORDER BY day, project, component, server`;
}

/** The statement behind the causes of `buildStatistics`. */
export const buildCausesSql = (actor: Actor, query: StatisticsQuery): Prisma.Sql => Prisma.sql`
  SELECT cause AS code, count(*)::int AS builds FROM (${builtIn(actor, query)}) built
  WHERE state = 'failed' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50`;

/** Success, causes of failure, durations and queue times of the builds that were asked for in the period. */
export async function buildStatistics(actor: Actor, query: StatisticsQuery): Promise<BuildStatistics> {
  const [rows, causes] = await Promise.all([
    db.$queryRaw<Row[]>(buildGroupsSql(actor, query)),
    db.$queryRaw<BuildStatistics["causes"]>(buildCausesSql(actor, query)),
  ]);
  const of = (group: keyof typeof GROUPS) => rows.filter(({ grouped }) => grouped === GROUPS[group]);
  const total = of("all")[0];
  return {
    all: total ? figures(total) : NO_BUILDS,
    days: of("day").map((row) => ({ day: row.day ?? "", ...figures(row) })),
    projects: of("project").map((row) => ({ project: row.project ?? "", ...figures(row) })),
    components: of("component")
      .map((row) => ({ project: row.project ?? "", component: row.component ?? "", ...figures(row) }))
      .toSorted((a, b) => b.succeeded + b.failed - a.succeeded - a.failed)
      .slice(0, MOST_COMPONENTS),
    // A build that was never sent anywhere belongs to no server.
    servers: of("server").flatMap((row) =>
      row.server === null ? [] : [{ server: row.server, ...figures(row) }],
    ),
    causes,
  };
}

const NONE = { p50: null, p75: null, p95: null };
const NO_BUILDS: BuildFigures = {
  succeeded: 0,
  failed: 0,
  aborted: 0,
  successRate: null,
  duration: NONE,
  queue: NONE,
};

function figures({ succeeded, failed, aborted, duration, queue }: Row): BuildFigures {
  const ended = succeeded + failed;
  return {
    succeeded,
    failed,
    aborted,
    successRate: ended === 0 ? null : succeeded / ended,
    duration: percentiles(duration),
    queue: percentiles(queue),
  };
}

function percentiles(values: (number | null)[] | null) {
  const [p50 = null, p75 = null, p95 = null] = values ?? [];
  return { p50, p75, p95 };
}
