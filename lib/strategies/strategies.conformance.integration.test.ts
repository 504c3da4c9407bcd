import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Manifest } from "#lib/adapters/ports.ts";
import { db } from "#lib/db.ts";
import { cancelDeployment } from "#lib/deployments/cancel.ts";
import { continueDeployment } from "#lib/deployments/pause.ts";
import { getDeployment } from "#lib/deployments/queries.ts";
import { handleDeploymentJob } from "#lib/deployments/reconcile.ts";
import { retryDeployment } from "#lib/deployments/retry.ts";
import { rollbackDeployment } from "#lib/deployments/rollback.ts";
import { type Engine, makeEngine } from "#lib/deployments/testing/engine.ts";
import { makePlace, type Place } from "#lib/deployments/testing/place.ts";
import { configMap, deployment, service, templateOf } from "#lib/deployments/testing/templates.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import type { SmokeCheck, Strategy } from "./schema.ts";

await testDatabase();
// Several whole deployments each, one after the other.
vi.setConfig({ testTimeout: 240_000 });
let engine: Engine;
beforeAll(async () => {
  engine = await makeEngine();
});
afterAll(() => engine?.close());

const none = { kind: "none" } as const;
const person = { kind: "person" } as const;
const rolling: Strategy = { kind: "rolling" };
const canary = (...waits: Extract<Strategy, { kind: "canary" }>["steps"][number]["wait"][]): Strategy => ({
  kind: "canary",
  steps: waits.map((wait, index) => ({ percent: [25, 50][index] ?? 50, wait })),
});
const blueGreen: Strategy = { kind: "blue_green", wait: none };
const selectorSchema = z.looseObject({ spec: z.looseObject({ selector: z.record(z.string(), z.string()) }) });
const specSchema = z.looseObject({ spec: z.looseObject({ replicas: z.number() }) });
const readySchema = z.looseObject({
  status: z.looseObject({
    conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).optional(),
  }),
});
const parts = {
  spec: {
    replicas: 3,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  },
  container: {
    ports: [{ containerPort: 8080 }],
    env: [{ name: "PORT", value: "8080" }],
    readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
  },
};
const TEMPLATE = templateOf(configMap("app", { a: "b" }), service("app"), deployment("app", parts));

const makeApp = (strategy: Strategy, template = TEMPLATE) =>
  makePlace(engine, { components: [{ key: "app", template }] }).then(async (place) => {
    await become(place, strategy);
    return place;
  });
/** The strategy and the checks that the next plan goes by. */
async function become(place: Place, strategy: Strategy, smokeChecks: SmokeCheck[] = []): Promise<void> {
  const { id } = place.components.get("app") ?? { id: "" };
  await db.componentConfig.updateMany({
    where: { componentId: id },
    data: { strategy, smokeChecks, version: { increment: 1 } },
  });
}

const kinds = {
  pod: { apiVersion: "v1", kind: "Pod" },
  deployment: { apiVersion: "apps/v1", kind: "Deployment" },
};
const selectorOf = async (place: Place, name = "app") =>
  selectorSchema.parse(await place.get("v1", "Service", name)).spec.selector;
const deploymentsOf = async ({ namespace }: Place) =>
  (await engine.client.list({ ...kinds.deployment, namespace })).items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.name)
    .sort();
const isReady = (pod: Manifest) =>
  pod.metadata.deletionTimestamp === undefined &&
  (readySchema.safeParse(pod).data?.status.conditions ?? []).some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
/** Ready pods behind the Service now, as versions. Read again where it was switched between its two questions. */
async function served(place: Place): Promise<string[]> {
  const selector = await selectorOf(place);
  const labelSelector = Object.entries(selector)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
  const { items } = await engine.client.list({ ...kinds.pod, namespace: place.namespace }, { labelSelector });
  if (JSON.stringify(await selectorOf(place)) !== JSON.stringify(selector)) return served(place);
  return items.filter(isReady).map(({ metadata }) => metadata.labels?.["app.kubernetes.io/version"] ?? "");
}
const versions = async (place: Place) => [...new Set(await served(place))].sort();

/**
 * Plays the worker while somebody else asks all the time whether the Service has a ready pod; answers how often it had
 * none.
 */
async function watched(place: Place, id: string, until: (looks: number) => Promise<boolean>) {
  const { signal } = new AbortController();
  const watch = { over: false, gaps: 0 };
  const watching = (async () => {
    while (!watch.over) {
      if ((await served(place)).length === 0) watch.gaps += 1;
      await sleep(50);
    }
  })();
  try {
    for (let look = 0; look < 600; look += 1) {
      if ((await handleDeploymentJob(id, signal)) === null || (await until(look))) return watch.gaps;
      await sleep(100);
    }
  } finally {
    watch.over = true;
    await watching;
  }
  throw new Error(`deployment ${id} has not come there: ${JSON.stringify(await shown(place, id))}`);
}
const toEnd = async () => false;
const shown = async (place: Place, id: string) => getDeployment(await place.actor(), id);
const stepsOf = async (place: Place, id: string) =>
  (await shown(place, id)).targets[0]?.steps.map(({ name, state }) => `${name} ${state}`) ?? [];
const isAt = (place: Place, id: string, name: string) => async () =>
  (await stepsOf(place, id)).includes(`${name} running`);
const inventoryOf = async ({ projectId }: Place) =>
  (
    await db.inventoryObject.findMany({
      where: { target: { projectId }, kind: "Deployment" },
      select: { name: true },
      orderBy: { name: "asc" },
    })
  ).map(({ name }) => name);
async function begin(place: Place, number: string): Promise<string> {
  const { digest, blockers } = await place.plan(number);
  expect(blockers).toEqual([]);
  return place.start(digest);
}
/** Nothing is there before it; answers its number. */
async function deployFirst(place: Place): Promise<string> {
  const number = await place.release();
  expect(await place.deploy(number)).toMatchObject({ state: "succeeded", cause: null });
  return number;
}
/** Deploys to the end and expects success without a gap. */
async function smoothly(place: Place, number: string): Promise<void> {
  const id = await begin(place, number);
  const gaps = await watched(place, id, toEnd);
  const { state, cause } = await shown(place, id);
  expect({ state, cause, gaps }).toEqual({ state: "succeeded", cause: null, gaps: 0 });
}
async function fails(place: Place, number: string): Promise<string> {
  const id = await begin(place, number);
  expect(await watched(place, id, toEnd)).toBe(0);
  expect((await shown(place, id)).state).toBe("failed");
  return id;
}
async function goBack(place: Place, id: string): Promise<void> {
  const plan = await rollbackDeployment({ actor: await place.actor(), id });
  expect(plan.blockers).toEqual([]);
  const rollback = await place.start(plan.digest);
  expect(await watched(place, rollback, toEnd)).toBe(0);
  expect(await shown(place, rollback)).toMatchObject({ state: "succeeded", cause: null });
}
/** Fails as long as the new version is in use: it answers no such path. */
const impossible: SmokeCheck = {
  kind: "http",
  name: "impossible",
  path: "/",
  expectStatus: 418,
  timeoutSeconds: 1,
};
const possible: SmokeCheck = { ...impossible, name: "answers", expectStatus: 200, timeoutSeconds: 30 };

describe("canary", () => {
  test("grows step by step, each after its wait, and is gone when the stable one is new", async () => {
    const place = await makeApp(canary(person, { kind: "seconds", seconds: 1 }));
    const first = await place.release();
    const plan = await place.plan(first);
    expect(plan.checks.map(({ code }) => code)).toContain("CANARY_FIRST_DEPLOYMENT");
    await place.finish(await place.start(plan.digest));
    expect(await deploymentsOf(place)).toEqual(["app"]);

    const second = await place.release();
    const id = await begin(place, second);
    await watched(place, id, isAt(place, id, "wait"));
    const small = await place.get("apps/v1", "Deployment", "app-canary");
    expect(specSchema.parse(small).spec.replicas).toBe(1);
    expect((await served(place)).sort()).toEqual([first, first, first, second]);
    expect(await inventoryOf(place)).toEqual(["app", "app-canary"]);
    // Nothing goes on without a person, and the plan is still what it was.
    expect(await watched(place, id, async (look) => look > 3)).toBe(0);
    expect((await place.plan(second)).digest).toBe(
      (await db.plan.findFirstOrThrow({ where: { deployments: { some: { id } } } })).digest,
    );
    const step = (await shown(place, id)).targets[0]?.steps.find(({ state }) => state === "running");
    await continueDeployment({ actor: await place.actor(), id, step: step?.id ?? "" });
    expect(await watched(place, id, toEnd)).toBe(0);
    expect(await stepsOf(place, id)).toEqual(
      [
        "dry_run",
        "apply",
        "canary",
        "wait",
        "canary",
        "wait",
        "promote",
        "roll_out",
        "clean_up",
        "verify",
      ].map((name) => `${name} succeeded`),
    );
    expect(await deploymentsOf(place)).toEqual(["app"]);
    expect(await inventoryOf(place)).toEqual(["app"]);
    expect(await versions(place)).toEqual([second]);
  });

  test("one that crashes fails with its cause and is removed at once; so is one whose checks fail", async () => {
    const place = await makeApp(rolling);
    const first = await deployFirst(place);
    await become(place, canary(none));
    const id = await fails(place, await place.release("crash"));
    expect((await shown(place, id)).cause).toMatchObject({
      code: "CRASH",
      facts: { object: "Deployment app-canary" },
    });
    expect(await deploymentsOf(place)).toEqual(["app"]);
    expect(await inventoryOf(place)).toEqual(["app"]);
    expect(await versions(place)).toEqual([first]);

    await become(place, canary({ kind: "checks" }), [impossible]);
    const checked = await fails(place, await place.release());
    expect((await shown(place, checked)).cause).toMatchObject({ code: "SMOKE_CHECK_FAILED" });
    expect(await deploymentsOf(place)).toEqual(["app"]);
    expect(await versions(place)).toEqual([first]);
    await become(place, canary({ kind: "checks" }), [possible]);
    const last = await place.release();
    await smoothly(place, last);
    expect(await versions(place)).toEqual([last]);
  });

  test("what failed is tried again with the same plan", async () => {
    const place = await makeApp(rolling);
    await deployFirst(place);
    await become(place, canary({ kind: "checks" }), [
      { ...possible, service: "late", port: "80", timeoutSeconds: 1 },
    ]);
    const second = await place.release();
    const id = await fails(place, second);
    await engine.other.apply({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "late", namespace: place.namespace },
      spec: { selector: { app: "app" }, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
    });
    await retryDeployment({ actor: await place.actor(), id });
    expect(await watched(place, id, toEnd)).toBe(0);
    expect(await shown(place, id)).toMatchObject({ state: "succeeded", cause: null });
    expect(await deploymentsOf(place)).toEqual(["app"]);
    expect(await versions(place)).toEqual([second]);
  });

  test("cancelled while it waits, everything serves as before", async () => {
    const place = await makeApp(rolling);
    const first = await deployFirst(place);
    await become(place, canary(person));
    const id = await begin(place, await place.release());
    await watched(place, id, isAt(place, id, "wait"));
    await cancelDeployment({ actor: await place.actor(), id });
    expect(await watched(place, id, toEnd)).toBe(0);
    expect((await shown(place, id)).state).toBe("cancelled");
    expect(await deploymentsOf(place)).toEqual(["app"]);
    await expect.poll(() => versions(place), { timeout: 20_000 }).toEqual([first]);
  });

  test("what a crash left is deleted by the next plan, whatever its strategy", async () => {
    const place = await makeApp(rolling);
    await deployFirst(place);
    await become(place, canary(person));
    const second = await place.release();
    const id = await begin(place, second);
    await watched(place, id, isAt(place, id, "wait"));
    await db.deployment.update({ where: { id }, data: { state: "failed" } });
    await db.targetLock.deleteMany({ where: { deploymentId: id } });
    await db.stage.updateMany({ where: { release: { number: second } }, data: { state: "failed" } });
    expect(await deploymentsOf(place)).toEqual(["app", "app-canary"]);
    await become(place, rolling);
    const third = await place.release();
    const plan = await place.plan(third);
    expect(plan.targets[0]?.objects.filter(({ change }) => change === "delete")).toMatchObject([
      { kind: "Deployment", name: "app-canary" },
    ]);
    await smoothly(place, third);
    expect(await deploymentsOf(place)).toEqual(["app"]);
    expect(await inventoryOf(place)).toEqual(["app"]);
  });
});

describe("blue and green", () => {
  test("the traffic goes from one colour to the other, and back by a rollback", async () => {
    const place = await makeApp(blueGreen);
    const first = await deployFirst(place);
    expect(await selectorOf(place)).toEqual({ app: "app", "refract.dev/color": "blue" });
    expect(await deploymentsOf(place)).toEqual(["app-blue"]);

    await become(place, { kind: "blue_green", wait: person }, [possible]);
    const second = await place.release();
    const id = await begin(place, second);
    await watched(place, id, isAt(place, id, "wait"));
    expect(await deploymentsOf(place)).toEqual(["app-blue", "app-green"]);
    expect(await versions(place)).toEqual([first]);
    expect(await selectorOf(place, "app-preview")).toMatchObject({ "refract.dev/color": "green" });
    const step = (await shown(place, id)).targets[0]?.steps.find(({ state }) => state === "running");
    await continueDeployment({ actor: await place.actor(), id, step: step?.id ?? "" });
    expect(await watched(place, id, toEnd)).toBe(0);
    expect(await stepsOf(place, id)).toEqual(
      ["dry_run", "apply", "roll_out", "wait", "switch", "verify", "clean_up"].map(
        (name) => `${name} succeeded`,
      ),
    );
    expect(await deploymentsOf(place)).toEqual(["app-green"]);
    expect(await versions(place)).toEqual([second]);

    await goBack(place, id);
    expect(await deploymentsOf(place)).toEqual(["app-blue"]);
    expect(await versions(place)).toEqual([first]);
    expect(await inventoryOf(place)).toEqual(["app-blue"]);
  });

  test("a verification that fails switches back at once; the new colour stays to be looked at", async () => {
    const place = await makeApp(blueGreen);
    const first = await deployFirst(place);
    await become(place, blueGreen, [impossible]);
    const second = await place.release();
    const id = await fails(place, second);
    expect((await shown(place, id)).cause).toMatchObject({ code: "SMOKE_CHECK_FAILED" });
    expect(await selectorOf(place)).toEqual({ app: "app", "refract.dev/color": "blue" });
    expect(await versions(place)).toEqual([first]);
    expect(await deploymentsOf(place)).toEqual(["app-blue", "app-green"]);
    const switched = (await shown(place, id)).targets[0]?.steps.find(({ name }) => name === "switch");
    expect(switched?.detail?.objects).toEqual([{ object: "Service app", result: "restored" }]);
    await goBack(place, id);
    expect(await deploymentsOf(place)).toEqual(["app-blue"]);

    // A check that is asked before the switch looks at the new colour, and nothing was switched.
    await become(place, { kind: "blue_green", wait: { kind: "checks" } }, [
      { ...impossible, service: "app" },
    ]);
    const before = await fails(place, await place.release());
    expect(await stepsOf(place, before)).toContain("switch waiting");
    await become(place, { kind: "blue_green", wait: { kind: "checks" } }, [possible]);
    const last = await place.release();
    await smoothly(place, last);
    expect(await versions(place)).toEqual([last]);
    expect(await deploymentsOf(place)).toEqual(["app-green"]);
  });

  test("a first attempt over a plain Deployment that fails or is cancelled leaves the plain one alone", async () => {
    const place = await makeApp(rolling);
    const first = await deployFirst(place);
    await become(place, blueGreen, [impossible]);
    await fails(place, await place.release());
    expect(await selectorOf(place)).toEqual({ app: "app" });
    expect(await deploymentsOf(place)).toEqual(["app"]);
    await expect.poll(() => versions(place), { timeout: 20_000 }).toEqual([first]);
    await become(place, { kind: "blue_green", wait: person });
    const id = await begin(place, await place.release());
    await watched(place, id, isAt(place, id, "wait"));
    await cancelDeployment({ actor: await place.actor(), id });
    await watched(place, id, toEnd);
    expect(await deploymentsOf(place)).toEqual(["app"]);
    await expect.poll(() => versions(place), { timeout: 20_000 }).toEqual([first]);
  });
});

describe("recreate, and from one strategy to the other", () => {
  test("from what the server filled in for a rolling update", async () => {
    const { strategy: _left, ...spec } = parts.spec;
    const template = templateOf(service("app"), deployment("app", { ...parts, spec }));
    const place = await makeApp(rolling, template);
    await deployFirst(place);
    await become(place, { kind: "recreate" });
    expect(await place.deploy(await place.release())).toMatchObject({ state: "succeeded", cause: null });
    expect((await place.get("apps/v1", "Deployment", "app"))?.spec).toMatchObject({
      strategy: { type: "Recreate" },
    });
  });

  test("old pods are gone before new ones come", async () => {
    const place = await makeApp({ kind: "recreate" });
    await deployFirst(place);
    const second = await place.release();
    const id = await begin(place, second);
    const seen: string[][] = [];
    const gaps = await watched(place, id, async () => {
      seen.push(await versions(place));
      return false;
    });
    expect((await shown(place, id)).state).toBe("succeeded");
    expect(gaps).toBeGreaterThan(0);
    expect(seen.filter((at) => at.length > 1)).toEqual([]);
    expect(await versions(place)).toEqual([second]);
    // And there and back from rolling.
    await become(place, rolling);
    await smoothly(place, await place.release());
    await become(place, { kind: "recreate" });
    const last = await place.release();
    expect(await place.deploy(last)).toMatchObject({ state: "succeeded", cause: null });
    expect(await versions(place)).toEqual([last]);
  });

  test("rolling, blue/green, canary, blue/green, rolling: the Service always has somebody to ask", async () => {
    const place = await makeApp(rolling);
    await deployFirst(place);
    for (const [strategy, names] of [
      [blueGreen, ["app-blue"]],
      [canary(none), ["app"]],
      [canary(none, none), ["app"]],
      [blueGreen, ["app-blue"]],
      [blueGreen, ["app-green"]],
      [rolling, ["app"]],
    ] as const) {
      await become(place, strategy);
      const number = await place.release();
      await smoothly(place, number);
      expect(await deploymentsOf(place)).toEqual(names);
      expect(await inventoryOf(place)).toEqual(names);
      expect(await versions(place)).toEqual([number]);
    }
    expect(await place.get("v1", "Service", "app-preview")).toBeNull();
  });
});
