import { beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { buildStatistics } from "./builds.ts";
import { deploymentStatistics } from "./deployments.ts";
import { imagesPerDay } from "./images.ts";
import { leadTime } from "./lead-time.ts";
import { releaseLife } from "./release-life.ts";
import {
  deploymentStatisticsSchema,
  imagesPerDaySchema,
  releaseLifeSchema,
  statisticsQuerySchema,
} from "./schema.ts";
import { leadTimeSteps } from "./steps.ts";

await testDatabase();

const query = (rest: z.input<typeof statisticsQuerySchema> = {}) => statisticsQuerySchema.parse(rest);
const HOUR = 3_600_000;
const start = Date.now() - 100 * HOUR;
/** Hours after the release orders were raised. */
const at = (hour: number) => new Date(start + hour * HOUR);

let reader: Actor;
let stranger: Actor;

/**
 * Two release orders of one project: R-1 of `web` and `api` is released, its deployment to PROD failed at first; R-2 of
 * `api` passed FAT alone and waits.
 */
beforeAll(async () => {
  const environments = new Map<string, string>();
  for (const [rank, key] of ["FAT", "PROD"].entries()) {
    const row = await db.environment.create({ data: { key, name: key, kind: "open", rank } });
    environments.set(key, row.id);
  }
  const inside = (key: string) => environments.get(key) ?? "";
  const [user, other] = await Promise.all(
    ["auditor", "stranger"].map((username) =>
      db.user.create({
        data: { username, displayName: username, globalRoles: username === "auditor" ? ["auditor"] : [] },
      }),
    ),
  );
  const loaded = await Promise.all([loadActor(user?.id ?? ""), loadActor(other?.id ?? "")]);
  if (!loaded[0] || !loaded[1]) throw new Error("no actors");
  [reader, stranger] = [loaded[0], loaded[1]];
  const server = await db.buildServer.create({
    data: { key: "main", name: "main", url: "http://127.0.0.1:1", username: "u", tokenEncrypted: "x" },
  });
  const registry = await db.registry.create({ data: { key: "r", name: "r", url: "http://127.0.0.1:2" } });
  const cluster = await db.cluster.create({
    data: { key: "one", name: "one", server: "https://127.0.0.1:3" },
  });
  const project = await db.project.create({
    data: {
      key: "quotes",
      name: "quotes",
      environments: { create: [...environments.values()].map((environmentId) => ({ environmentId })) },
      components: {
        create: ["web", "api"].map((key) => ({
          key,
          name: key,
          gitUrl: `http://127.0.0.1:3/${key}.git`,
          buildServerId: server.id,
          registryId: registry.id,
        })),
      },
    },
    include: { components: true },
  });
  const target = await db.target.create({
    data: { projectId: project.id, environmentId: inside("PROD"), clusterId: cluster.id, namespace: "n" },
  });
  const component = (key: string) => project.components.find((each) => each.key === key)?.id ?? "";
  const raise = async (
    number: string,
    components: string[],
    state: string,
    stages: [string, number, number][],
  ) => {
    const row = await db.release.create({
      data: {
        number,
        projectId: project.id,
        title: number,
        state,
        createdById: reader.id,
        createdAt: at(0),
        endedAt: state === "released" ? at(20) : null,
        items: { create: components.map((key) => ({ componentId: component(key), ref: "main" })) },
        stages: {
          create: [...environments].map(([key, environmentId]) => {
            const [, entered, passed] = stages.find(([name]) => name === key) ?? [];
            return entered === undefined || passed === undefined
              ? { environmentId }
              : { environmentId, state: "passed", enteredAt: at(entered), verdictAt: at(passed) };
          }),
        },
        plans: {
          create: stages.map(([key, entered]) => ({
            digest: `${number}-${key}`,
            projectId: project.id,
            environmentId: inside(key),
            inputs: {},
            manifests: {},
            review: {},
            createdById: reader.id,
            createdAt: at(entered),
          })),
        },
      },
      include: { items: true, plans: true },
    });
    for (const item of row.items) {
      const build = await db.build.create({
        data: {
          itemId: item.id,
          attempt: 1,
          attemptId: item.id,
          buildServerId: server.id,
          state: "succeeded",
          triggeredById: reader.id,
          parameters: {},
          createdAt: at(0),
          startedAt: at(0),
          endedAt: at(1),
        },
      });
      await db.artifact.create({
        data: {
          itemId: item.id,
          buildId: build.id,
          image: "i",
          repository: "i",
          digest: `sha256:${item.id}`,
          commit: "c",
          createdAt: at(1),
        },
      });
    }
    return row;
  };
  const first = await raise("R-1", ["web", "api"], "released", [
    ["FAT", 2, 8],
    ["PROD", 10, 20],
  ]);
  const second = await raise("R-2", ["api"], "built", [["FAT", 2, 4]]);
  const deploy = (
    release: typeof first,
    key: string,
    hour: number,
    ends: { ended: number; attempt?: number; state?: string },
  ) =>
    db.deployment.create({
      data: {
        projectId: project.id,
        environmentId: inside(key),
        releaseId: release.id,
        planId: release.plans.find(({ environmentId }) => environmentId === inside(key))?.id ?? "",
        state: ends.state ?? "succeeded",
        attempt: ends.attempt ?? 1,
        createdById: reader.id,
        createdAt: at(hour),
        // A row keeps the start of its last attempt.
        startedAt: at(ends.attempt === undefined ? hour : ends.ended - 1),
        endedAt: at(ends.ended),
        ...(ends.state === "failed" ? { cause: { code: "CRASH", message: "", facts: {} } } : {}),
      },
    });
  await deploy(first, "FAT", 3, { ended: 4 });
  await deploy(second, "FAT", 3, { ended: 3, state: "failed" });
  await deploy(second, "FAT", 3, { ended: 4 });
  const retried = await deploy(first, "PROD", 11, { ended: 18, attempt: 2 });
  await db.deploymentTarget.create({
    data: {
      deploymentId: retried.id,
      targetId: target.id,
      wave: 1,
      state: "succeeded",
      steps: {
        create: [
          {
            attempt: 1,
            position: 1,
            name: "apply",
            state: "succeeded",
            startedAt: at(12),
            endedAt: at(12.5),
          },
          { attempt: 1, position: 2, name: "rollout", state: "failed", startedAt: at(12.5), endedAt: at(13) },
          { attempt: 2, position: 1, name: "apply", state: "succeeded", startedAt: at(17), endedAt: at(18) },
        ],
      },
    },
  });
});

const sum = (rows: { images: number }[]) => rows.reduce((all, { images }) => all + images, 0);

test.each([
  [{}, 3],
  [{ component: "api" }, 2],
  [{ component: "web" }, 1],
  [{ environment: "FAT" }, 3],
  [{ environment: "PROD" }, 2],
  [{ environment: "PROD", component: "api" }, 1],
  [{ component: "nothing" }, 0],
  [{ environment: "NOWHERE" }, 0],
])("images and builds: %j", async (filter, expected) => {
  const images = await imagesPerDay(reader, query({ project: "quotes", ...filter }));
  expect(() => imagesPerDaySchema.parse(images)).not.toThrow();
  expect([sum(images.projects), sum(images.components)]).toEqual([expected, expected]);
  expect((await buildStatistics(reader, query(filter))).all.succeeded).toBe(expected);
});

test("images are told apart by component, those of others' projects are not told", async () => {
  const { components } = await imagesPerDay(reader, query());
  expect(components.map(({ project, component, images }) => [project, component, images])).toEqual([
    ["quotes", "api", 2],
    ["quotes", "web", 1],
  ]);
  expect(await imagesPerDay(stranger, query())).toEqual({ projects: [], components: [] });
});

test("deployments are those to the environment, of release orders with the component", async () => {
  const counts = async (filter: z.input<typeof statisticsQuerySchema>) => {
    const answer = deploymentStatisticsSchema.parse(await deploymentStatistics(reader, query(filter)));
    return [
      answer.items.map(({ environment, succeeded, failed }) => [environment, succeeded, failed]),
      answer.causes,
    ];
  };
  const crash = [{ code: "CRASH", deployments: 1 }];
  expect(await counts({})).toEqual([
    [
      ["FAT", 2, 1],
      ["PROD", 1, 0],
    ],
    crash,
  ]);
  expect(await counts({ component: "web" })).toEqual([
    [
      ["FAT", 1, 0],
      ["PROD", 1, 0],
    ],
    [],
  ]);
  expect(await counts({ environment: "FAT" })).toEqual([[["FAT", 2, 1]], crash]);
});

test("lead time ends where the environment that is asked for passed it", async () => {
  const all = async (filter: z.input<typeof statisticsQuerySchema>) =>
    (await leadTime(reader, query(filter))).all;
  expect(await all({})).toMatchObject({ releases: 1, medianSeconds: 20 * 3600, failureRate: 1 });
  expect(await all({ environment: "FAT" })).toMatchObject({
    releases: 2,
    medianSeconds: 6 * 3600,
    restoreSeconds: 3600,
  });
  expect((await all({ environment: "FAT" })).failureRate).toBe(0.5);
  expect(await all({ environment: "FAT", component: "web" })).toMatchObject({ releases: 1, failureRate: 0 });
  const steps = await leadTimeSteps(reader, query({ environment: "FAT", component: "web" }));
  expect(steps.items.map(({ kind, environment }) => [kind, environment])).toEqual([
    ["building", null],
    ["flow", "FAT"],
    ["deploy", "FAT"],
    ["deploying", "FAT"],
    ["testing", "FAT"],
  ]);
  expect(steps.medianSeconds).toBe(8 * 3600);
});

test("the period before is another one: what is in one is not in the other", async () => {
  // All of it was within the last six days.
  const days = async (back: number) =>
    (await leadTime(reader, query({ environment: "FAT", days: 10, back }))).all.deployments;
  expect([await days(0), await days(10)]).toEqual([3, 0]);
  const shifted = await Promise.all(
    [0, 1, 2, 3, 4, 5, 6].map(async (back) => leadTime(reader, query({ environment: "FAT", days: 1, back }))),
  );
  expect(shifted.reduce((sum, { all }) => sum + all.deployments, 0)).toBe(3);
});

test("a deployment that was tried again worked while its attempts ran and waited between them", async () => {
  const life = releaseLifeSchema.parse(await releaseLife(reader, "R-1"));
  expect(life.open).toBe(false);
  const hour = (time: string) => (Date.parse(time) - start) / HOUR;
  expect(
    life.steps
      .filter(({ environment }) => environment === "PROD")
      .map(({ kind, mode, from, until }) => [kind, mode, hour(from), hour(until)]),
  ).toEqual([
    ["flow", "waiting", 8, 10],
    ["deploy", "waiting", 10, 11],
    ["deploy_queue", "waiting", 11, 12],
    ["deploying", "working", 12, 13],
    ["deploy_repair", "waiting", 13, 17],
    ["deploying", "working", 17, 18],
    ["testing", "working", 18, 20],
  ]);
  expect((await releaseLife(reader, "R-2")).open).toBe(true);
  await expect(releaseLife(stranger, "R-1")).rejects.toMatchObject({ code: "NOT_FOUND" });
});
