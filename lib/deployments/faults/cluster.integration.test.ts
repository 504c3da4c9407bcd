import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { changes, changesByObject } from "#sandbox/faults/changes.ts";
import type { Fault, FaultProxy } from "#sandbox/faults/proxy.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { type Engine, makeEngine } from "../testing/engine.ts";
import { likeness } from "./testing/likeness.ts";
import { changesObject, stepsOf } from "./testing/moments.ts";
import { makeProxiedPlaces } from "./testing/place.ts";

// What an API server and the way to it can do to a deployment: it still ends well, and changes every object once.

await testDatabase();
let engine: Engine;
let places: ReturnType<typeof makeProxiedPlaces>;
let clean: Record<string, unknown>;
beforeAll(async () => {
  engine = await makeEngine();
  // So that the last step has something to ask, too.
  await db.environment.update({ where: { id: engine.environment.id }, data: { observeSeconds: 1 } });
  places = makeProxiedPlaces(engine);
  const { place, start } = await places.planned();
  const id = await start();
  expect((await place.finish(id)).state).toBe("succeeded");
  clean = await likeness(engine, id);
});
afterAll(async () => {
  await places?.close();
  await engine?.close();
});

const status = (code: number, reason: string) =>
  JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", message: reason, reason, code });
const throttled = {
  answer: {
    status: 429,
    headers: { "retry-after": "1" },
    body: "Too many requests, please try again later.\n",
  },
};
const FAULTS: Record<string, Fault> = {
  "429 with Retry-After": throttled,
  "500 before it did anything": { answer: { status: 500, body: status(500, "InternalError") } },
  "500 after it did what was asked": {
    answer: { status: 500, body: status(500, "InternalError") },
    after: true,
  },
  "503 while it starts again": { answer: { status: 503, body: "" } },
  "a connection that breaks before the request arrives": { lose: "request" },
  "a connection that breaks with the answer on the way": { lose: "answer" },
  "an answer cut short": { cut: 40 },
  "an empty answer": { cut: 0 },
};

/** Breaks the first request of every step, and the first change that a step makes. What comes before is the first one's. */
async function breakEveryStep(
  proxy: FaultProxy,
  id: string,
  fault: Fault,
): Promise<{ broken: () => string[] }> {
  const steps = await stepsOf(id);
  const broken = new Set<string>();
  proxy.rule(async (request) => {
    const row = await db.deploymentStep.findFirst({
      where: { id: { in: steps.map((step) => step.id) }, state: { in: ["waiting", "running"] } },
      orderBy: { position: "asc" },
      select: { name: true },
    });
    const mark = `${row?.name ?? "outside"} ${changesObject(request) ? "change" : "question"}`;
    if (!row || broken.has(mark)) return null;
    broken.add(mark);
    return fault;
  });
  return { broken: () => [...broken] };
}

describe("an API server that answers with, or loses,", () => {
  test.concurrent.each(Object.entries(FAULTS))("%s, once in every step", async (_name, fault) => {
    const { proxy, place, start } = await places.planned();
    const id = await start();
    const { broken } = await breakEveryStep(proxy, id, fault);
    const done = await place.finish(id);
    expect(done.cause).toBeNull();
    expect([done.state, done.targets[0]?.steps.map(({ state }) => state)]).toEqual([
      "succeeded",
      Array.from({ length: done.targets[0]?.steps.length ?? 0 }, () => "succeeded"),
    ]);
    const asked = done.targets[0]?.steps.map(({ name }) => `${name} question`) ?? [];
    expect(broken()).toEqual(expect.arrayContaining([...asked, "apply change"]));
    const counts = Object.entries(changesByObject(proxy.requests)).filter(([key]) => !key.startsWith("POST"));
    expect(counts.filter(([, count]) => count !== 1)).toEqual([]);
    expect(counts).toHaveLength(Object.keys(clean).length);
    expect(await likeness(engine, id)).toEqual(clean);
  });

  test.concurrent("nothing at all until the timeout", async () => {
    const { proxy, place, start } = await places.planned();
    const id = await start();
    let silent = 0;
    proxy.rule((request) => {
      if (silent > 0 || !changesObject(request)) return null;
      silent += 1;
      return { silent: true };
    });
    const done = await place.finish(id);
    expect([done.state, silent]).toEqual(["succeeded", 1]);
    expect(Object.values(changesByObject(proxy.requests)).filter((count) => count !== 1)).toEqual([]);
    expect(await likeness(engine, id)).toEqual(clean);
  });

  test.concurrent("429 is asked again no sooner than Retry-After says", async () => {
    const { proxy, place, start } = await places.planned();
    const id = await start();
    const refused = new Set<string>();
    proxy.rule((request) => {
      if (!changesObject(request) || refused.has(request.path)) return null;
      refused.add(request.path);
      return throttled;
    });
    expect((await place.finish(id)).state).toBe("succeeded");
    const patches = proxy.requests.filter(changesObject);
    expect(refused.size).toBe(Object.keys(clean).length);
    for (const path of refused) {
      const [first, second, ...more] = patches.filter((request) => request.path === path);
      expect([first?.status, more]).toEqual([429, []]);
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1000);
    }
    expect(changes(proxy.requests).filter(({ method }) => method === "PATCH")).toHaveLength(refused.size);
  });
});
