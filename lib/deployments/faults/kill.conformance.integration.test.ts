import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import type { Strategy } from "#lib/strategies/schema.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { STEP_NAMES } from "../state.ts";
import { type Engine, makeEngine } from "../testing/engine.ts";
import { type Holds, makeHolds } from "./testing/holds.ts";
import { type Killing, makeKilling } from "./testing/kill.ts";
import { expectedStand, MOMENTS } from "./testing/moments.ts";

/** Two workers' worth at a time. */
const AT_ONCE = 16;
const RESUMED_WITHIN_MS = 30_000;
/** Ways to deploy that together take every step there is; the first is what a component does that says nothing. */
const STRATEGIES: (Strategy | undefined)[] = [
  undefined,
  {
    kind: "canary",
    steps: [
      { percent: 25, wait: { kind: "none" } },
      { percent: 50, wait: { kind: "seconds", seconds: 1 } },
    ],
  },
  { kind: "blue_green", wait: { kind: "none" } },
];

const { url } = await testDatabase();
let engine: Engine;
let holds: Holds;
let killing: Killing;
beforeAll(async () => {
  engine = await makeEngine();
  // So that the last step has something to ask, too.
  await db.environment.update({ where: { id: engine.environment.id }, data: { observeSeconds: 1 } });
  holds = await makeHolds(url);
  killing = makeKilling(engine, holds);
});
afterAll(async () => {
  await killing?.close();
  await holds?.letGo();
  await holds?.close();
  await engine?.close();
});

/** Every moment of every step, each step in the first strategy that has it, there in its last place. */
async function allCases() {
  const covered = new Set<string>();
  const cases = [];
  for (const strategy of STRATEGIES) {
    const whole = await killing.undisturbed(strategy);
    expect([whole.state, whole.attempt]).toEqual(["succeeded", 1]);
    if (!strategy) expect(new Set(Object.values(whole.changes))).toEqual(new Set([1]));
    const last = new Map(whole.steps.map((step) => [step.name, step]));
    for (const { name, position, ways } of last.values()) {
      if (covered.has(name)) continue;
      covered.add(name);
      for (const moment of MOMENTS)
        cases.push({
          name: `${name} ${moment}`,
          position,
          moment,
          ways,
          whole,
          ...(strategy ? { strategy } : {}),
        });
    }
  }
  expect([...covered].sort(), "steps that no strategy above takes are not tried").toEqual(
    [...STEP_NAMES].sort(),
  );
  return cases;
}

test("kill -9 of the worker at every moment of every step: another one goes on and changes every object once", async () => {
  const cases = await allCases();
  expect(cases.filter(({ ways }) => ways.changes).length).toBeGreaterThan(0);
  const waits: number[] = [];
  for (let from = 0; from < cases.length; from += AT_ONCE) {
    const batch = cases.slice(from, from + AT_ONCE);
    const outcomes = await killing.killAt(batch);
    for (const [index, { name, moment, ways, whole }] of batch.entries()) {
      const told = outcomes[index];
      expect.soft(told?.name).toBe(name);
      expect.soft(told?.stand, name).toBe(expectedStand(moment, ways));
      expect.soft([told?.state, told?.attempt], name).toEqual(["succeeded", 1]);
      expect.soft(told?.objects, name).toEqual(whole.objects);
      expect.soft(told?.changes, name).toEqual(whole.changes);
      expect.soft(told?.resumedAfterMs, name).toBeLessThan(RESUMED_WITHIN_MS);
      waits.push(told?.resumedAfterMs ?? 0);
    }
  }
  expect(waits).toHaveLength(cases.length);
  process.stdout.write(
    `${cases.length} kills, taken up again after at most ${Math.max(...waits) / 1000} s\n`,
  );
}, 600_000);
