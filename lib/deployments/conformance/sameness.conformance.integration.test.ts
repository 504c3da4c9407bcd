import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WEB_TEMPLATE } from "#lib/templates/defaults/web.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { PROJECTS } from "../../../prisma/seed/catalog.ts";
import { type Engine, makeEngine } from "../testing/engine.ts";
import { generatedTemplate } from "../testing/generated.ts";
import { makePlace, type Place } from "../testing/place.ts";
import { dryRunOf } from "../testing/sameness.ts";

await testDatabase();
let engine: Engine;
beforeAll(async () => {
  engine = await makeEngine();
});
afterAll(() => engine?.close());

/** Plans, deploys with no change in between, and compares every object with the plan's dry run. */
async function expectPlanIsDeploy(place: Place): Promise<number> {
  const number = await place.release();
  const plan = await place.plan(number);
  expect(plan.blockers).toEqual([]);
  const { expected, stored } = await dryRunOf(place, engine.client, plan.digest);
  const done = await place.finish(await place.start(plan.digest));
  expect([done.state, done.cause]).toEqual(["succeeded", null]);
  const found = await stored();
  for (const [name, object] of expected) expect.soft(found.get(name), name).toEqual(object);
  for (const { kind, apiVersion, name, change } of plan.targets.flatMap(({ objects }) => objects)) {
    if (change !== "delete") continue;
    await expect.poll(() => place.get(apiVersion, kind, name), { timeout: 30_000 }).toBeNull();
  }
  // The same plan again changes nothing: no spelling of an amount and no default shows as a change.
  const again = await place.plan(number);
  const changes = again.targets.flatMap(({ objects }) =>
    objects
      .filter(({ change }) => change !== "unchanged")
      .map(({ kind, name, diff }) => ({
        object: `${kind} ${name}`,
        diff: diff.filter((line) => line.kind !== "same"),
      })),
  );
  expect(changes).toEqual([]);
  return expected.size;
}

describe("what a plan's dry run says is what stands there after the deployment", () => {
  test.each(PROJECTS)("the components of $key", async ({ components }) => {
    const place = await makePlace(engine, {
      components: components.map(({ key, kind, variables }) => ({
        key,
        kind,
        variables,
        template: WEB_TEMPLATE,
        secrets: { DB_PASSWORD: "hunter2-secret" },
      })),
      existing: {},
    });
    expect(await expectPlanIsDeploy(place)).toBe(components.length * 4);
    expect(await expectPlanIsDeploy(place)).toBe(components.length * 4);
  });

  const SEEDS = Array.from({ length: 30 }, (_, index) => index + 1);
  const name = (seed: number) => `g${seed}`;
  test("thirty generated components, created and then changed", { timeout: 300_000 }, async () => {
    const place = await makePlace(engine, {
      components: SEEDS.map((seed) => ({
        key: name(seed),
        template: generatedTemplate(name(seed), seed, 1),
      })),
      existing: {},
    });
    expect(await expectPlanIsDeploy(place)).toBeGreaterThan(80);
    for (const seed of SEEDS) await place.template(name(seed), generatedTemplate(name(seed), seed, 2));
    expect(await expectPlanIsDeploy(place)).toBeGreaterThan(80);
  });
});
