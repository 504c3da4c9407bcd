import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { cancelDeployment } from "../cancel.ts";
import { getDeployment } from "../queries.ts";
import { handleDeploymentJob } from "../reconcile.ts";
import { retryDeployment } from "../retry.ts";
import { rollbackDeployment } from "../rollback.ts";
import { type Engine, makeEngine } from "../testing/engine.ts";
import { makePlace, type Place } from "../testing/place.ts";
import { comparable } from "../testing/sameness.ts";
import { configMap, deployment, service, templateOf } from "../testing/templates.ts";

await testDatabase();
let engine: Engine;
beforeAll(async () => {
  engine = await makeEngine();
});
afterAll(() => engine?.close());

const { signal } = new AbortController();
const app = (level: string, container = {}) => [
  configMap("app-config", { level }),
  deployment("app", { container: { env: [{ name: "LEVEL", value: level }], ...container } }),
];
const makeApp = (input: Partial<Parameters<typeof makePlace>[1]> = {}): Promise<Place> =>
  makePlace(engine, {
    components: [{ key: "app", template: templateOf(...app("info"), service("app")) }],
    existing: {},
    ...input,
  });
const config = { apiVersion: "v1", kind: "ConfigMap" };
const levelIn = async (namespace: string) =>
  (await engine.client.get({ ...config, name: "app-config", namespace }))?.data;
/** What another tool does behind the portal's back. */
const edit = (namespace: string, data: Record<string, string>) =>
  engine.other.apply({ ...config, metadata: { name: "app-config", namespace }, data }, { force: true });
const succeeded = async (place: Place, number?: string) => {
  const done = await place.deploy(number ?? (await place.release()));
  expect([done.state, done.cause]).toEqual(["succeeded", null]);
  return done;
};

describe("namespaces", () => {
  test("one that is missing is made for the project, and told before", async () => {
    const place = await makeApp({ existing: undefined });
    const number = await place.release();
    const plan = await place.plan(number);
    expect(plan.checks.map(({ code }) => code)).toContain("NAMESPACE_WILL_BE_CREATED");
    expect(plan.targets[0]?.objects.every(({ change }) => change === "create")).toBe(true);
    await succeeded(place, number);
    const made = await engine.client.get({ apiVersion: "v1", kind: "Namespace", name: place.namespace });
    expect(made?.metadata.labels).toMatchObject({
      "app.kubernetes.io/managed-by": "refract",
      "app.kubernetes.io/part-of": place.key,
    });
  });

  test("one that is there keeps what others wrote on it", async () => {
    const place = await makeApp({ existing: { team: "core" } });
    await succeeded(place);
    const found = await engine.client.get({ apiVersion: "v1", kind: "Namespace", name: place.namespace });
    expect(found?.metadata.labels).toMatchObject({ team: "core" });
    expect(found?.metadata.labels).not.toHaveProperty("app.kubernetes.io/managed-by");
  });

  test("one that is missing and must not be made is a blocker", async () => {
    const place = await makeApp({ existing: undefined });
    await db.target.updateMany({ where: { projectId: place.projectId }, data: { createNamespace: false } });
    const { blockers } = await place.plan(await place.release());
    expect(blockers.map(({ code }) => code)).toEqual(["NAMESPACE_MISSING"]);
  });
});

describe("objects that a template no longer makes", () => {
  test("are told as deletions and deleted", async () => {
    const place = await makeApp();
    await succeeded(place);
    await place.template("app", templateOf(...app("info")));
    const number = await place.release();
    const { targets } = await place.plan(number);
    expect(targets[0]?.objects.map(({ kind, change }) => `${kind} ${change}`)).toContain("Service delete");
    await succeeded(place, number);
    expect(await place.get("v1", "Service", "app")).toBeNull();
    expect((await place.plan(number)).targets[0]?.objects.map(({ kind }) => kind)).not.toContain("Service");
  });

  test("stay when somebody else has taken the name over", async () => {
    const place = await makeApp();
    await succeeded(place);
    await place.template("app", templateOf(...app("info")));
    const number = await place.release();
    const labels = { "app.kubernetes.io/managed-by": "helm" };
    const { namespace } = place;
    const taken = { apiVersion: "v1", kind: "Service", metadata: { name: "app", namespace, labels } };
    await engine.other.apply(taken, { force: true });
    await succeeded(place, number);
    expect(await place.get("v1", "Service", "app")).toMatchObject({ metadata: { labels } });
  });
});

describe("secrets", () => {
  const secretOf = async (place: Place) => {
    const { id } = await db.componentConfig.findFirstOrThrow({
      where: { component: { projectId: place.projectId } },
    });
    return { configId: id, context: secretContext.configSecret(id, "DB_PASSWORD") };
  };
  const change = async (place: Place, value: string) => {
    const { configId, context } = await secretOf(place);
    await db.configSecret.update({
      where: { configId_name: { configId, name: "DB_PASSWORD" } },
      data: { version: { increment: 1 }, valueEncrypted: encryptSecret(value, context) },
    });
  };
  const stored = async (place: Place) => {
    const secret = await place.get("v1", "Secret", "app-secrets");
    return Buffer.from(String(Object(secret?.data).DB_PASSWORD), "base64").toString();
  };
  const makeSecretApp = () =>
    makePlace(engine, {
      components: [
        { key: "app", template: templateOf(...app("info")), secrets: { DB_PASSWORD: "hunter2-one ✓" } },
      ],
      existing: {},
    });

  test("reach the cluster and nothing else; a new value is a change by version", async () => {
    const place = await makeSecretApp();
    await succeeded(place);
    expect(await stored(place)).toBe("hunter2-one ✓");
    await change(place, "hunter2-two");
    const number = await place.release();
    const plan = await place.plan(number);
    const secret = plan.targets[0]?.objects.find(({ kind }) => kind === "Secret");
    expect(secret?.change).toBe("change");
    expect(JSON.stringify(secret?.diff)).toContain("(version 2)");
    await succeeded(place, number);
    expect(await stored(place)).toBe("hunter2-two");
    const told = JSON.stringify([plan, await db.plan.findMany(), await db.event.findMany()]);
    expect(told).not.toContain("hunter2");
  });

  test("one that is changed after the start stops the deployment before that Secret is written", async () => {
    const place = await makeSecretApp();
    const { digest } = await place.plan(await place.release());
    const id = await place.start(digest);
    await change(place, "hunter2-three");
    const done = await place.finish(id);
    expect(done.state).toBe("failed");
    expect(["SECRET_CHANGED", "PLAN_STALE"]).toContain(done.cause?.code);
    expect(await place.get("v1", "Secret", "app-secrets")).toBeNull();
  });
});

describe("back to what was there", () => {
  test("a rollback restores every object as it was, what was added goes and what was dropped comes back", async () => {
    const place = await makeApp();
    const first = await place.release();
    await succeeded(place, first);
    const objects = [
      ["v1", "ConfigMap", "app-config"],
      ["v1", "Service", "app"],
      ["apps/v1", "Deployment", "app"],
    ] as const;
    const look = async () =>
      Promise.all(
        objects.map(async ([apiVersion, kind, name]) => {
          const live = await place.get(apiVersion, kind, name);
          return live && comparable(live);
        }),
      );
    const before = await look();
    const changed = app("debug", {
      resources: { limits: { memory: "1.5Gi" } },
      lifecycle: { preStop: { exec: { command: ["true"] } } },
    });
    await place.template("app", templateOf(...changed, configMap("extra", { added: "yes" })));
    const second = await succeeded(place);
    expect(await look()).not.toEqual(before);
    const plan = await rollbackDeployment({ actor: await place.actor(), id: second.id });
    expect(plan.release).toBe(first);
    const back = await place.finish(await place.start(plan.digest));
    expect([back.state, back.cause]).toEqual(["succeeded", null]);
    expect(await look()).toEqual(before);
    expect(await place.get("v1", "ConfigMap", "extra")).toBeNull();
  });

  test("one that failed is undone the same way", async () => {
    const place = await makeApp();
    await succeeded(place);
    const before = await place.get("apps/v1", "Deployment", "app");
    const failed = await place.deploy(await place.release("bad"));
    expect(failed.state).toBe("failed");
    const plan = await rollbackDeployment({ actor: await place.actor(), id: failed.id });
    const back = await place.finish(await place.start(plan.digest));
    expect([back.state, back.cause]).toEqual(["succeeded", null]);
    const after = await place.get("apps/v1", "Deployment", "app");
    expect(after && comparable(after)).toEqual(before && comparable(before));
    expect((await getDeployment(await place.actor(), failed.id)).state).toBe("rolled_back");
  });
});

describe("stopped on the way", () => {
  test("cancelled before its turn: nothing was touched", async () => {
    const place = await makeApp();
    const { digest } = await place.plan(await place.release());
    const id = await place.start(digest);
    const done = await cancelDeployment({ actor: await place.actor(), id });
    expect([done.state, done.cause?.code]).toEqual(["cancelled", "CANCELLED"]);
    expect(await place.get("apps/v1", "Deployment", "app")).toBeNull();
  });

  test("cancelled while it rolls out: says of each object that it is new, and the world agrees", async () => {
    const place = await makeApp();
    await succeeded(place);
    await place.template("app", templateOf(...app("debug"), service("app")));
    const { digest } = await place.plan(await place.release("slow"));
    const id = await place.start(digest);
    for (let look = 0; look < 100; look += 1) {
      await handleDeploymentJob(id, signal);
      if ((await getDeployment(await place.actor(), id)).state === "rolling_out") break;
    }
    await cancelDeployment({ actor: await place.actor(), id });
    const done = await place.finish(id);
    expect([done.state, done.cause?.code]).toEqual(["cancelled", "CANCELLED_MIDWAY"]);
    expect(new Set(done.cause?.objects?.map(({ state }) => state))).toEqual(new Set(["new"]));
    expect(await levelIn(place.namespace)).toEqual({ level: "debug" });
  });

  test("a retry touches only what failed", async () => {
    const place = await makeApp({ targets: 2 });
    const [one = "", two = ""] = place.namespaces;
    const quota = { apiVersion: "v1", kind: "ResourceQuota", name: "narrow", namespace: two };
    const { name, namespace, ...kind } = quota;
    await engine.other.apply({ ...kind, metadata: { name, namespace }, spec: { hard: { pods: "0" } } });
    await expect
      .poll(async () => (await engine.client.get(quota))?.status, { timeout: 20_000 })
      .toBeDefined();
    const failed = await place.deploy(await place.release());
    expect(failed.targets.map(({ state }) => state)).toEqual(["succeeded", "failed"]);
    expect(failed.targets[1]?.cause?.code).toBe("QUOTA");
    const versions = async () =>
      Promise.all(
        [
          { apiVersion: "apps/v1", kind: "Deployment", name: "app" },
          { ...config, name: "app-config" },
        ].map(async (ref) => {
          const live = await engine.client.get({ ...ref, namespace: one });
          return [live?.metadata.generation, live?.metadata.annotations];
        }),
      );
    const before = await versions();
    await engine.other.remove(quota);
    // The cluster tells when pods were refused in whole seconds: within the same one it could be this attempt's.
    const refusedAt = Date.parse(failed.targets[1]?.endedAt ?? "");
    await expect.poll(() => Date.now(), { timeout: 5000 }).toBeGreaterThan(refusedAt + 1000);
    await retryDeployment({ actor: await place.actor(), id: failed.id });
    const done = await place.finish(failed.id);
    expect(done.targets.map(({ state }) => state)).toEqual(["succeeded", "succeeded"]);
    const attempts = done.targets.map(({ steps }) => Math.max(...steps.map(({ attempt }) => attempt)));
    expect(attempts).toEqual([1, 2]);
    expect(await versions()).toEqual(before);
  });
});

describe("fields of others", () => {
  test("are named by their manager before anything is deployed", async () => {
    const place = await makeApp();
    await succeeded(place);
    await edit(place.namespace, { level: "theirs" });
    const { blockers } = await place.plan(await place.release());
    expect(blockers).toMatchObject([
      {
        code: "FIELD_CONFLICT",
        facts: { object: "ConfigMap app-config", field: ".data.level", manager: "other-tool" },
      },
    ]);
    expect(await levelIn(place.namespace)).toEqual({ level: "theirs" });
  });

  test("written after the plan stop the deployment at its dry run, with nothing touched", async () => {
    const place = await makeApp();
    await succeeded(place);
    await place.template("app", templateOf(...app("debug"), service("app")));
    const { digest, blockers } = await place.plan(await place.release());
    expect(blockers).toEqual([]);
    const id = await place.start(digest);
    await edit(place.namespace, { level: "theirs" });
    const done = await place.finish(id);
    expect([done.state, done.cause?.code]).toEqual(["failed", "FIELD_CONFLICT"]);
    expect(done.cause?.facts).toMatchObject({ field: ".data.level", manager: "other-tool" });
    expect(await levelIn(place.namespace)).toEqual({ level: "theirs" });
    const live = await place.get("apps/v1", "Deployment", "app");
    expect(JSON.stringify(live?.spec)).toContain('"info"');
  });

  test("drift is found by the next plan, with who wrote it", async () => {
    const place = await makeApp();
    const number = await place.release();
    await succeeded(place, number);
    await engine.other.mergePatch(
      { apiVersion: "v1", kind: "Service", name: "app", namespace: place.namespace },
      { metadata: { labels: { "app.kubernetes.io/version": "by-hand" } } },
    );
    const { targets, blockers } = await place.plan(number);
    const drifted = targets[0]?.objects.filter(({ conflicts }) => conflicts.length > 0);
    expect(drifted?.map(({ kind }) => kind)).toEqual(["Service"]);
    expect(blockers).toMatchObject([{ code: "FIELD_CONFLICT", facts: { manager: "other-tool" } }]);
  });

  test("a Deployment that was left paused goes on, and the plan says so", async () => {
    const place = await makeApp();
    await succeeded(place, await place.release());
    const ref = { apiVersion: "apps/v1", kind: "Deployment", name: "app", namespace: place.namespace };
    // As the live page pauses it: under the portal's own name.
    await engine.client.mergePatch(ref, { spec: { paused: true } });
    const number = await place.release();
    const { targets, blockers } = await place.plan(number);
    expect(blockers).toEqual([]);
    const deployment = targets[0]?.objects.find(({ kind }) => kind === "Deployment");
    expect(
      deployment?.diff.filter(({ kind }) => kind === "removed").map(({ text }) => text.trim()),
    ).toContain("paused: true");
    await succeeded(place, number);
    expect((await engine.client.get(ref))?.spec).not.toMatchObject({ paused: true });
  });
});
