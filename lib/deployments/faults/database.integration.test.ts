import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#scripts/testing/database.ts";
import { type Engine, makeEngine } from "../testing/engine.ts";
import { type Holds, makeHolds } from "./testing/holds.ts";
import { type Killing, makeKilling } from "./testing/kill.ts";

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

test("the database goes away while answers are on the way and while records are written: the worker lives and goes on", async () => {
  const whole = await killing.undisturbed();
  expect(whole.state).toBe("succeeded");
  const cases = whole.steps.flatMap(({ position, ways }) =>
    (["asked", "done"] as const).map((moment) => ({ position, moment, ways })),
  );
  const { told, connections, alive } = await killing.disconnectAt(cases.slice(0, 8));
  expect(connections).toBeGreaterThan(2);
  expect(alive).toBe(true);
  expect(told).toHaveLength(8);
  for (const one of told) {
    expect.soft([one.state, one.attempt], one.name).toEqual(["succeeded", 1]);
    expect.soft(one.objects, one.name).toEqual(whole.objects);
    expect.soft(one.changes, one.name).toEqual(whole.changes);
  }
}, 240_000);
