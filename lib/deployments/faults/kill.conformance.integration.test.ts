import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#scripts/testing/database.ts";
import { type Engine, makeEngine } from "../testing/engine.ts";
import { type Holds, makeHolds } from "./testing/holds.ts";
import { type Killing, makeKilling } from "./testing/kill.ts";
import { expectedStand, MOMENTS } from "./testing/moments.ts";

/** A worker looks after eight deployments at a time. */
const AT_ONCE = 8;
const RESUMED_WITHIN_MS = 30_000;

const { url } = await testDatabase();
let engine: Engine;
let holds: Holds;
let killing: Killing;
beforeAll(async () => {
  engine = await makeEngine();
  holds = await makeHolds(url);
  killing = makeKilling(engine, holds);
});
afterAll(async () => {
  await killing?.close();
  await holds?.letGo();
  await holds?.close();
  await engine?.close();
});

test("kill -9 of the worker at every moment of every step: another one goes on and changes every object once", async () => {
  const whole = await killing.undisturbed();
  expect(whole.state).toBe("succeeded");
  expect(whole.steps.some(({ ways }) => ways.changes)).toBe(true);
  expect(new Set(whole.changes)).toEqual(new Set([1]));
  const cases = whole.steps.flatMap(({ name, position, ways }) =>
    MOMENTS.map((moment) => ({ name: `${name} ${moment}`, position, moment, ways })),
  );
  const waits: number[] = [];
  for (let from = 0; from < cases.length; from += AT_ONCE) {
    const batch = cases.slice(from, from + AT_ONCE);
    for (const [index, told] of (await killing.killAt(batch)).entries()) {
      const { name, moment, ways } = batch[index] ?? {};
      expect(told.name).toBe(name);
      if (moment && ways) expect.soft(told.stand, told.name).toBe(expectedStand(moment, ways));
      expect.soft([told.state, told.attempt], told.name).toEqual(["succeeded", 1]);
      expect.soft(told.objects, told.name).toEqual(whole.objects);
      expect.soft(told.changes, told.name).toEqual(whole.changes);
      expect.soft(told.resumedAfterMs, told.name).toBeLessThan(RESUMED_WITHIN_MS);
      waits.push(told.resumedAfterMs);
    }
  }
  expect(waits).toHaveLength(cases.length);
  process.stdout.write(
    `${cases.length} kills, taken up again after at most ${Math.max(...waits) / 1000} s\n`,
  );
}, 300_000);
