import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { buildCausesSql, buildGroupsSql, buildStatistics } from "./builds.ts";
import { deploymentCausesSql, deploymentStatistics, deploymentsSql } from "./deployments.ts";
import { imagesPerDay, imagesSql, MOST_NAMED } from "./images.ts";
import { changesSql, leadTime, leadTimeSql } from "./lead-time.ts";
import { arrivedLives, latestSql, readLives } from "./lives.ts";
import { type StatisticsQuery, statisticsQuerySchema } from "./schema.ts";
import { leadTimeSteps } from "./steps.ts";
import { writeHistory } from "./testing/history.ts";

await testDatabase();

/** Two years of a firm: what is asked for a month must not read the other twenty-three. */
const HISTORY = { projects: 300, componentsEach: 4, releases: 16_000, days: 730 };
const LARGE = ["Release", "ReleaseItem", "Build", "Artifact", "Stage", "Plan", "Deployment"];

async function actor(username: string): Promise<Actor> {
  const { id } = await db.user.findUniqueOrThrow({ where: { username }, select: { id: true } });
  const loaded = await loadActor(id);
  if (!loaded) throw new Error(`no actor ${username}`);
  return loaded;
}
const query = (rest: z.input<typeof statisticsQuerySchema> = {}) => statisticsQuerySchema.parse(rest);

type PlanNode = { "Node Type": string; "Relation Name"?: string; Plans?: PlanNode[] };
const planSchema: z.ZodType<PlanNode> = z.lazy(() =>
  z.object({
    "Node Type": z.string(),
    "Relation Name": z.string().optional(),
    Plans: z.array(planSchema).optional(),
  }),
);
const nodes = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

/** Large tables that a statement reads from end to end. */
async function readWhole(statement: Prisma.Sql): Promise<string[]> {
  const rows = await db.$queryRaw<{ "QUERY PLAN": unknown }[]>(
    Prisma.sql`EXPLAIN (FORMAT JSON) ${statement}`,
  );
  const [{ Plan: plan }] = z.tuple([z.object({ Plan: planSchema })]).parse(rows[0]?.["QUERY PLAN"]);
  return nodes(plan).flatMap(({ "Node Type": type, "Relation Name": table = "" }) =>
    type === "Seq Scan" && LARGE.includes(table) ? [table] : [],
  );
}

const STATEMENTS: Record<string, (actor: Actor, query: StatisticsQuery) => Prisma.Sql> = {
  builds: buildGroupsSql,
  "causes of builds": buildCausesSql,
  "images by project": (...args) => imagesSql(...args, "project"),
  "images by component": (...args) => imagesSql(...args, "component"),
  deployments: deploymentsSql,
  "causes of deployments": deploymentCausesSql,
  "lead time": leadTimeSql,
  "changes that failed": changesSql,
  "release orders to cut": latestSql,
};
const FILTERS: Record<string, z.input<typeof statisticsQuerySchema>> = {
  everything: {},
  "one project": { project: "p7" },
  "one component": { project: "p2", component: "c1" },
  "one environment": { environment: "PROD" },
  "all three": { project: "p2", component: "c1", environment: "STAGING" },
};

beforeAll(() => writeHistory(HISTORY), 240_000);

test.each(Object.keys(FILTERS))("a month of %s is read through indexes", async (filter) => {
  const found: string[] = [];
  for (const username of ["auditor", "dev"]) {
    const reader = await actor(username);
    for (const [name, statement] of Object.entries(STATEMENTS)) {
      const whole = await readWhole(statement(reader, query(FILTERS[filter])));
      if (whole.length > 0) found.push(`${username}, ${name}: ${whole.join(", ")}`);
    }
  }
  expect(found).toEqual([]);
});

test("lives are read through indexes, a thousand at most", async () => {
  const reader = await actor("auditor");
  const { releases, lives } = await arrivedLives(reader, query({ days: 60 }));
  expect(releases).toBeGreaterThan(1000);
  expect(lives).toHaveLength(1000);
  const scans = async () => {
    const [row] = await db.$queryRaw<{ whole: bigint; parts: bigint }[]>`
      SELECT sum(seq_scan)::bigint AS whole, sum(idx_scan)::bigint AS parts FROM pg_stat_user_tables
      WHERE relname = ANY(${LARGE})`;
    return { whole: Number(row?.whole), parts: Number(row?.parts) };
  };
  await db.$queryRaw`SELECT pg_stat_force_next_flush()::text`;
  const before = await scans();
  const [first] = await db.$queryRaw<{ id: string }[]>(latestSql(reader, query({ project: "p7" })));
  await readLives([first?.id ?? ""]);
  // Sessions tell what they did a moment after they did it.
  await expect
    .poll(async () => (await scans()).parts, { timeout: 20_000, interval: 500 })
    .toBeGreaterThan(before.parts);
  expect((await scans()).whole).toBe(before.whole);
});

test("answers are bounded however many there are, and lose nothing of the sums", async () => {
  const reader = await actor("auditor");
  const images = await imagesPerDay(reader, query());
  const count = (rows: { images: number }[]) => rows.reduce((sum, row) => sum + row.images, 0);
  expect(new Set(images.components.map((row) => `${row.project}/${row.component}`)).size).toBe(
    MOST_NAMED + 1,
  );
  expect(new Set(images.projects.map(({ project }) => project)).size).toBe(MOST_NAMED + 1);
  expect(count(images.projects)).toBe(count(images.components));
  const builds = await buildStatistics(reader, query());
  expect(count(images.projects)).toBe(builds.all.succeeded);
  expect(builds.components).toHaveLength(200);
  expect(builds.servers.map(({ server }) => server)).toEqual(["s1", "s2", "s3", "s4"]);
  expect((await leadTime(reader, query())).items).toHaveLength(200);
  const deployments = await deploymentStatistics(reader, query());
  expect(new Set(deployments.items.map(({ project }) => project)).size).toBe(MOST_NAMED + 1);
  const steps = await leadTimeSteps(reader, query());
  expect(steps.items.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
});
