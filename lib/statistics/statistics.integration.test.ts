import { beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { db } from "#lib/db.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { buildStatistics } from "./builds.ts";
import { deploymentStatistics } from "./deployments.ts";
import { imagesPerDay } from "./images.ts";
import { leadTime } from "./lead-time.ts";
import { arrivedLives } from "./lives.ts";
import { buildStatisticsSchema, leadTimeSchema, statisticsQuerySchema, stepsSchema } from "./schema.ts";
import { leadTimeSteps } from "./steps.ts";

await testDatabase();

const ids = new Map<string, string>();
const id = (name: string): string => {
  const found = ids.get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};
async function actor(username: string): Promise<Actor> {
  const loaded = await loadActor(id(username));
  if (!loaded) throw new Error(`no actor ${username}`);
  return loaded;
}
const query = (rest: z.input<typeof statisticsQuerySchema> = {}) => statisticsQuerySchema.parse(rest);
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const DAY = 24 * 60;

/** A release order of one component with builds that took so many seconds, each started 10 s after it was asked for. */
async function release(
  project: string,
  builds: { state: string; seconds: number; createdAt?: Date; cause?: string }[],
  rest: { createdAt?: Date; endedAt?: Date } = {},
): Promise<{ id: string; itemId: string }> {
  const number = `R-${ids.size}-${project}`;
  ids.set(number, number);
  const row = await db.release.create({
    data: {
      number,
      projectId: id(project),
      title: number,
      createdById: id("dev"),
      createdAt: rest.createdAt ?? minutesAgo(60),
      endedAt: rest.endedAt ?? null,
      state: rest.endedAt ? "released" : "building",
      items: { create: { componentId: id(`${project}/web`), ref: "main" } },
    },
    include: { items: true },
  });
  const itemId = row.items[0]?.id ?? "";
  for (const [index, { state, seconds, cause, createdAt = minutesAgo(50) }] of builds.entries()) {
    const startedAt = new Date(Number(createdAt) + 10_000);
    await db.build.create({
      data: {
        itemId,
        attempt: index + 1,
        attemptId: `${itemId}-${index}`,
        buildServerId: id("main"),
        state,
        triggeredById: id("dev"),
        parameters: {},
        createdAt,
        startedAt,
        endedAt: new Date(Number(startedAt) + seconds * 1000),
        ...(cause === undefined ? {} : { cause: { code: cause, message: cause, facts: {} } }),
      },
    });
  }
  return { id: row.id, itemId };
}

beforeAll(async () => {
  for (const [index, key] of ["FAT", "PROD"].entries()) {
    ids.set(
      key,
      (await db.environment.create({ data: { key, name: key, kind: "open", rank: index + 1 } })).id,
    );
  }
  for (const username of ["dev", "auditor"]) {
    const globalRoles = username === "auditor" ? ["auditor"] : [];
    ids.set(username, (await db.user.create({ data: { username, displayName: username, globalRoles } })).id);
  }
  const server = await db.buildServer.create({
    data: { key: "main", name: "main", url: "http://127.0.0.1:1", username: "u", tokenEncrypted: "x" },
  });
  ids.set("main", server.id);
  const registry = await db.registry.create({ data: { key: "r", name: "r", url: "http://127.0.0.1:2" } });
  for (const key of ["quotes", "orders"]) {
    const project = await db.project.create({
      data: {
        key,
        name: key,
        environments: { create: [{ environmentId: id("FAT") }, { environmentId: id("PROD") }] },
        ...(key === "quotes" ? { members: { create: { userId: id("dev"), role: "developer" } } } : {}),
        components: {
          create: {
            key: "web",
            name: "web",
            gitUrl: "http://127.0.0.1:3/web.git",
            buildServerId: server.id,
            registryId: registry.id,
          },
        },
      },
      include: { components: true },
    });
    ids.set(key, project.id);
    ids.set(`${key}/web`, project.components[0]?.id ?? "");
  }
});

test("nothing yet: empty, not zero", async () => {
  const empty = await buildStatistics(await actor("auditor"), query());
  expect(empty).toMatchObject({ all: { succeeded: 0, successRate: null }, days: [], causes: [] });
  expect((await leadTime(await actor("auditor"), query())).all).toEqual({
    releases: 0,
    deployments: 0,
    medianSeconds: null,
    failureRate: null,
    restoreSeconds: null,
  });
  expect(await leadTimeSteps(await actor("auditor"), query())).toEqual({
    releases: 0,
    counted: 0,
    medianSeconds: null,
    waitingShare: null,
    items: [],
  });
});

test("percentiles are over single builds, not over the projects' percentiles", async () => {
  for (const seconds of [10, 10, 10]) await release("quotes", [{ state: "succeeded", seconds }]);
  await release("orders", [
    { state: "failed", seconds: 5, cause: "BUILD_FAILED" },
    { state: "failed", seconds: 5 },
    { state: "aborted", seconds: 900 },
    { state: "succeeded", seconds: 100 },
  ]);
  const all = await buildStatistics(await actor("auditor"), query());
  expect(() => buildStatisticsSchema.parse(all)).not.toThrow();
  // The middle of 10, 10, 10, 100; the middle of both projects' medians would be 55.
  expect(all.all).toMatchObject({ succeeded: 4, failed: 2, aborted: 1, duration: { p50: 10, p75: 32.5 } });
  expect(all.all.successRate).toBeCloseTo(4 / 6);
  expect(all.all.queue).toEqual({ p50: 10, p75: 10, p95: 10 });
  expect(all.projects.map(({ project, duration }) => [project, duration.p50])).toEqual([
    ["orders", 100],
    ["quotes", 10],
  ]);
  expect(all.components.map(({ project, component }) => `${project}/${component}`)).toEqual([
    "orders/web",
    "quotes/web",
  ]);
  expect(all.servers).toHaveLength(1);
  expect(all.servers[0]).toMatchObject({ server: "main", succeeded: 4 });
  expect(all.causes).toEqual([
    { code: "BUILD_FAILED", builds: 1 },
    { code: "UNKNOWN", builds: 1 },
  ]);
  const mine = await buildStatistics(await actor("dev"), query());
  expect(mine.projects.map(({ project }) => project)).toEqual(["quotes"]);
  expect(mine.all.failed).toBe(0);
  expect((await buildStatistics(await actor("dev"), query({ project: "orders" }))).all.succeeded).toBe(0);
});

test("days are the reader's", async () => {
  const noon = new Date(Date.now() - 3 * DAY * 60_000);
  noon.setUTCHours(20, 0, 0, 0);
  await release("quotes", [{ state: "succeeded", seconds: 10, createdAt: noon }]);
  const daysIn = async (zone: string) =>
    (await buildStatistics(await actor("dev"), query({ zone }))).days.map(({ day }) => day);
  const day = noon.toISOString().slice(0, 10);
  const next = new Date(Number(noon) + DAY * 60_000).toISOString().slice(0, 10);
  expect(await daysIn("America/New_York")).toContain(day);
  expect(await daysIn("Asia/Shanghai")).toContain(next);
  expect(await daysIn("Asia/Shanghai")).not.toContain(day);
  for (const zone of ["+08:00", "Mars/Base", "'; DROP TABLE"])
    expect(statisticsQuerySchema.safeParse({ zone }).success).toBe(false);
});

test("a release order counts when it was released, whenever it was raised, and its life is cut", async () => {
  const { id: releaseId } = await release(
    "quotes",
    [{ state: "succeeded", seconds: 50, createdAt: minutesAgo(50 * DAY) }],
    { createdAt: minutesAgo(50 * DAY), endedAt: minutesAgo(DAY) },
  );
  await db.stage.create({
    data: {
      releaseId,
      environmentId: id("FAT"),
      state: "passed",
      enteredAt: minutesAgo(49 * DAY),
      verdictAt: minutesAgo(DAY),
    },
  });
  const lead = await leadTime(await actor("dev"), query({ days: 7 }));
  expect(() => leadTimeSchema.parse(lead)).not.toThrow();
  expect(lead.all.releases).toBe(1);
  expect(lead.all.medianSeconds).toBeCloseTo(49 * DAY * 60, -1);
  expect(lead.items.map(({ project, releases }) => [project, releases])).toEqual([["quotes", 1]]);
  const steps = await leadTimeSteps(await actor("dev"), query({ days: 7 }));
  expect(() => stepsSchema.parse(steps)).not.toThrow();
  expect(steps.items.map(({ kind, environment }) => [kind, environment])).toEqual([
    ["build_queue", null],
    ["building", null],
    ["flow", "FAT"],
    ["plan", "FAT"],
  ]);
  expect(steps.items[1]?.meanSeconds).toBe(50);
  expect(steps.medianSeconds).toBeCloseTo(49 * DAY * 60, -1);
});

test("failure rate and time to restore are over single deployments", async () => {
  const { id: releaseId } = await release("quotes", []);
  const plan = await db.plan.create({
    data: {
      digest: "sha256:statistics",
      projectId: id("quotes"),
      environmentId: id("PROD"),
      releaseId,
      inputs: {},
      manifests: {},
      review: {},
      createdById: id("dev"),
    },
  });
  const run = (state: string, minutes: number, change = releaseId) => ({
    projectId: id("quotes"),
    environmentId: id("PROD"),
    releaseId: change,
    planId: plan.id,
    state,
    createdById: id("dev"),
    createdAt: minutesAgo(minutes + 1),
    endedAt: minutesAgo(minutes),
  });
  const [calm, retried, undone, refused] = [
    await release("quotes", []),
    await release("quotes", []),
    await release("quotes", []),
    await release("quotes", []),
  ];
  await db.stage.create({
    data: { releaseId: undone.id, environmentId: id("PROD"), state: "rolled_back" },
  });
  const cluster = await db.cluster.create({
    data: { key: "one", name: "one", server: "https://127.0.0.1" },
  });
  const target = await db.target.create({
    data: {
      projectId: id("quotes"),
      environmentId: id("PROD"),
      clusterId: cluster.id,
      namespace: "n",
      wave: 1,
    },
  });
  // The same deployment again: its row says that it succeeded, its steps that the first attempt did not.
  const step = (attempt: number, state: string, minutes: number) => ({
    name: "apply",
    attempt,
    position: 0,
    state,
    startedAt: minutesAgo(minutes + 1),
    endedAt: minutesAgo(minutes),
  });
  await db.deployment.create({
    data: {
      ...run("succeeded", 2, retried.id),
      attempt: 2,
      targets: {
        create: {
          targetId: target.id,
          wave: 1,
          steps: { create: [step(1, "failed", 3), step(2, "succeeded", 2)] },
        },
      },
    },
  });
  // Refused when its turn came, before its first step: no step tells of it, the audit trail does.
  const { id: late } = await db.deployment.create({
    data: {
      ...run("succeeded", -20, refused.id),
      createdAt: minutesAgo(1),
      attempt: 2,
      targets: {
        create: {
          targetId: target.id,
          wave: 1,
          steps: {
            create: [{ name: "apply", attempt: 1, position: 0, state: "waiting" }, step(2, "succeeded", -20)],
          },
        },
      },
    },
  });
  await db.$transaction((tx) =>
    recordAudit(tx, {
      actor: null,
      action: "deployment.fail",
      subject: "deployment",
      subjectId: late,
      projectKey: "quotes",
      data: {},
    }),
  );
  await db.deployment.createMany({
    data: [
      run("failed", 30),
      run("succeeded", 20),
      run("succeeded", 10, calm.id),
      run("succeeded", 5, undone.id),
    ],
  });
  // What a rollback puts back is no change of its own.
  await db.deployment.create({ data: { ...run("succeeded", 4, calm.id), kind: "rollback" } });
  const { all, items } = await leadTime(await actor("dev"), query());
  // One failed and another deployment repaired it, one was calm, one was rolled back later, two succeeded on retry.
  expect(all.failureRate).toBe(0.8);
  expect(items[0]?.failureRate).toBe(0.8);
  // Ten minutes until the next deployment, one until the retry, and some twenty since the refusal of just now.
  expect(all.restoreSeconds).toBeCloseTo(600, 0);
  const { items: days } = await deploymentStatistics(await actor("dev"), query());
  expect(days.reduce((sum, { succeeded, failed }) => sum + succeeded + failed, 0)).toBe(7);
  expect(await imagesPerDay(await actor("dev"), query())).toEqual({ projects: [], components: [] });
});

test("lives are bounded, and how many there are is told", async () => {
  await db.$executeRaw`
    INSERT INTO "Release" (id, number, "projectId", title, state, "createdById", "createdAt", "endedAt")
    SELECT gen_random_uuid(), 'S-' || n, ${id("orders")}::uuid, 's', 'released', ${id("dev")}::uuid,
      now() - interval '2 hours', now() - n * interval '1 second' FROM generate_series(1, 1200) n`;
  const { releases, lives } = await arrivedLives(await actor("auditor"), query({ project: "orders" }));
  expect([releases, lives.length]).toEqual([1200, 1000]);
});
