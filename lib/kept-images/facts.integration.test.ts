import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { makeArtifact } from "#lib/artifacts/testing/place.ts";
import { db } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { imagesToKeep, imageUsesSql } from "./facts.ts";
import { makeDeployment, makeEnvironment } from "./testing/history.ts";

await testDatabase();
const HOST = "registry.test:5000";
const digestOf = (name: string) => `sha256:${name.padEnd(64, "0")}`;
const image = (tag: string, host = HOST) => `${host}/quotes/quote-api:${tag}`;
let world: Awaited<ReturnType<typeof makeArtifact>>;
let prod: Awaited<ReturnType<typeof makeEnvironment>>;

const kept = async (name: string) =>
  (await imagesToKeep())
    .filter(({ digest }) => digest === digestOf(name))
    .flatMap(({ repository, reasons }) =>
      reasons.map(({ reason, environment, release }) => [repository, reason, environment, release].join(" ")),
    );
const deployment = (number: string, name: string, over: Partial<Parameters<typeof makeDeployment>[2]> = {}) =>
  makeDeployment(world, prod, {
    number,
    image: image(number),
    digest: digestOf(name),
    state: "succeeded",
    ...over,
  });

beforeAll(async () => {
  world = await makeArtifact({
    registryUrl: `http://${HOST}`,
    image: image("R-2026-0001"),
    digest: digestOf("f"),
  });
  prod = await makeEnvironment(world, "PROD", 30, 2);
});

describe("what is kept", () => {
  test("a release order on its way keeps its images, until it has ended", async () => {
    expect(await kept("f")).toEqual(["quotes/quote-api flow  R-2026-0001"]);
    await db.release.update({ where: { id: world.release.id }, data: { state: "abandoned" } });
    expect(await kept("f")).toEqual([]);
  });

  test("the last deployments are kept for rollbacks, as many as the environment says", async () => {
    await deployment("R1", "1");
    await deployment("R2", "2");
    await deployment("R3", "3", { runs: true });
    expect(await kept("3")).toEqual(["quotes/quote-api runs PROD R3", "quotes/quote-api rollback PROD R3"]);
    expect(await kept("2")).toEqual(["quotes/quote-api rollback PROD R2"]);
    expect(await kept("1")).toEqual([]);
    await db.environment.update({ where: { key: "PROD" }, data: { keptDeployments: 3 } });
    expect(await kept("1")).toEqual(["quotes/quote-api rollback PROD R1"]);
    await db.environment.update({ where: { key: "PROD" }, data: { keptDeployments: 2 } });
  });

  test("a component that is seldom deployed keeps its last deployments, however many others were deployed since", async () => {
    const other = await db.component.create({
      data: {
        projectId: world.project.id,
        key: "tick-store",
        name: "tick-store",
        gitUrl: "https://git.test/quotes/tick-store.git",
        buildServerId: world.component.buildServerId,
        registryId: world.registry.id,
      },
    });
    const seldom = { ...world, component: other };
    const place = { image: `${HOST}/quotes/tick-store:S1`, digest: digestOf("5"), state: "succeeded" };
    await makeDeployment(seldom, prod, { number: "S1", ...place });
    for (const number of ["R4", "R5", "R6"]) await deployment(number, "4");
    expect(await kept("5")).toEqual(["quotes/tick-store rollback PROD S1"]);
  });

  test("what a failed deployment has applied runs, too", async () => {
    await deployment("R7", "7", { state: "failed", runs: true });
    expect(await kept("7")).toEqual(["quotes/quote-api runs PROD R7", "quotes/quote-api deploys PROD R7"]);
  });

  test("what is being deployed, and what is planned, is kept; a plan of a release order that has ended is not", async () => {
    await deployment("R8", "8", { state: "rolling_out" });
    expect(await kept("8")).toEqual(["quotes/quote-api deploys PROD R8"]);
    await deployment("R9", "9", { state: null, releaseState: "built" });
    await deployment("RA", "a", { state: null });
    await deployment("RB", "b", { state: null, kind: "rollback" });
    expect(await kept("9")).toEqual(["quotes/quote-api plan PROD R9"]);
    expect(await kept("a")).toEqual([]);
    expect(await kept("b")).toEqual(["quotes/quote-api plan PROD RB"]);
    await db.plan.updateMany({ data: { computedAt: new Date(Date.now() - 40 * 86_400_000) } });
    expect(await kept("9")).toEqual([]);
  });

  test("a copy in another registry is kept with what it is a copy of", async () => {
    await db.release.update({ where: { id: world.release.id }, data: { state: "built" } });
    const other = await db.registry.create({ data: { key: "prod", name: "prod", url: "https://prod.test" } });
    const copy = {
      artifactId: world.artifactId,
      registryId: other.id,
      repository: "quotes/quote-api",
      digest: digestOf("f"),
    };
    await db.imageCopy.create({ data: { ...copy, state: "copying" } });
    const places = async () =>
      (await imagesToKeep())
        .filter(({ digest }) => digest === digestOf("f"))
        .map(({ registryId }) => registryId);
    expect(await places()).toEqual([world.registry.id]);
    await db.imageCopy.updateMany({ data: { state: "copied" } });
    expect((await places()).toSorted()).toEqual([world.registry.id, other.id].toSorted());
    // Deployed from there, its origin is kept as well.
    await deployment("RC", "f", { image: image("RC", "prod.test"), runs: true });
    expect((await places()).toSorted()).toEqual([world.registry.id, other.id].toSorted());
  });

  test("a long history is not read for the few that are kept of it", async () => {
    // One that was never deployed since is looked for further back: see ROLLBACKS.
    await db.component.updateMany({ where: { key: "tick-store" }, data: { archivedAt: new Date() } });
    await db.$executeRaw`
      INSERT INTO "Plan" (id, digest, "projectId", "environmentId", "releaseId", inputs, manifests, review,
        "computedAt", "createdById")
      SELECT gen_random_uuid(), 'many-' || n, "projectId", "environmentId", "releaseId", inputs, '{}', '{}',
        now() - interval '90 days', "createdById"
      FROM (SELECT * FROM "Plan" LIMIT 1) one, generate_series(1, 20000) n`;
    await db.$executeRaw`
      INSERT INTO "Deployment" (id, "projectId", "environmentId", "releaseId", "planId", state, "createdById")
      SELECT gen_random_uuid(), "projectId", "environmentId", "releaseId", id, 'succeeded', "createdById"
      FROM "Plan" WHERE digest LIKE 'many-%'`;
    await db.$executeRaw`ANALYZE`;
    const [row] = await db.$queryRaw<{ "QUERY PLAN": unknown }[]>(
      Prisma.sql`EXPLAIN (ANALYZE, FORMAT JSON) ${imageUsesSql}`,
    );
    const scans = nodesOf(row?.["QUERY PLAN"]).filter(({ relation }) =>
      ["Deployment", "Plan"].includes(relation),
    );
    expect(scans.length).toBeGreaterThan(0);
    expect(Math.max(...scans.map(({ rows }) => rows))).toBeLessThan(1000);
  });
});

const nodeShape = z.looseObject({
  "Relation Name": z.string().default(""),
  "Actual Rows": z.number(),
  "Actual Loops": z.number(),
  Plans: z.array(z.unknown()).default([]),
});

/** Every node of a plan that EXPLAIN tells, with the rows that it gave in all. */
function nodesOf(told: unknown): { relation: string; rows: number }[] {
  const walk = (given: unknown): { relation: string; rows: number }[] => {
    const node = nodeShape.parse(given);
    const own = { relation: node["Relation Name"], rows: node["Actual Rows"] * node["Actual Loops"] };
    return [own, ...node.Plans.flatMap(walk)];
  };
  return z
    .array(z.object({ Plan: z.unknown() }))
    .parse(told)
    .flatMap(({ Plan }) => walk(Plan));
}
