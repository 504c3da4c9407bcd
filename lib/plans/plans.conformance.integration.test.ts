import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadActor } from "#lib/access/actor.ts";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import { decidePlan } from "#lib/approvals/service.ts";
import { db } from "#lib/db.ts";
import { rollbackDeployment } from "#lib/deployments/rollback.ts";
import { startDeployment } from "#lib/deployments/service.ts";
import { type Engine, makeEngine } from "#lib/deployments/testing/engine.ts";
import { makePlace, type Place } from "#lib/deployments/testing/place.ts";
import { configMap, deployment, IMAGE, service, templateOf } from "#lib/deployments/testing/templates.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import type { ConflictChoice } from "./content.ts";
import { manifestsDigest, planDigest } from "./digest.ts";
import { exportPlan } from "./evidence.ts";
import { getPlan } from "./queries.ts";
import type { PlanDto } from "./schema.ts";
import { choosePlan, computePlan } from "./service.ts";

await testDatabase();
let engine: Engine;
beforeAll(async () => {
  engine = await makeEngine();
});
afterAll(() => engine?.close());

const HISTORY = ".spec.revisionHistoryLimit";
const app = (spec: Record<string, unknown> = {}) =>
  templateOf(
    deployment("app", { spec: { revisionHistoryLimit: 4, ...spec } }),
    configMap("app-config", { GREETING: "hello" }),
    service("app"),
  );
const here = (template: string) =>
  makePlace(engine, { components: [{ key: "app", template }], existing: {} });
const objectOf = (plan: PlanDto, name: string) =>
  plan.targets.flatMap(({ objects }) => objects).find(({ kind, name: own }) => `${kind} ${own}` === name);
const codes = (plan: PlanDto) => plan.blockers.map(({ code }) => code);

/** Writes as a person with `kubectl edit` does: the fields become that manager's. */
const edit = (place: Place, spec: Record<string, unknown>) =>
  createCluster({ kubeconfig: engine.kubeconfig, fieldManager: "kubectl-edit" }).mergePatch(
    { apiVersion: "apps/v1", kind: "Deployment", name: "app", namespace: place.namespace },
    { spec },
  );
const choiceOf = (
  place: Place,
  choice: ConflictChoice["choice"],
  field = HISTORY,
  manager = "kubectl-edit",
) => ({
  cluster: "one",
  namespace: place.namespace,
  object: "Deployment app",
  field,
  manager,
  choice,
});
const fieldOf = (ours: string, theirs: string) => ({
  field: HISTORY,
  manager: "kubectl-edit",
  since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  line: expect.any(Number),
  ours,
  theirs,
  autoscaler: null,
});
const choose = async (place: Place, release: string, ...choices: ConflictChoice[]) =>
  computePlan({ actor: await place.actor(), release, environment: "FAT", choices });
const historyOf = async (place: Place) =>
  Object(await place.get("apps/v1", "Deployment", "app")).spec.revisionHistoryLimit;
const succeed = async (place: Place, plan: PlanDto) => {
  const done = await place.finish(await place.start(plan.digest));
  expect([done.state, done.cause]).toEqual(["succeeded", null]);
};

describe("a field that somebody else wrote", () => {
  test("is a finding with both values; left alone it stays theirs, in every later plan too", async () => {
    const place = await here(app());
    await succeed(place, await place.plan(await place.release()));
    await edit(place, { revisionHistoryLimit: 7 });
    const next = await place.release();
    const found = await place.plan(next);
    expect(codes(found)).toEqual(["FIELD_CONFLICT"]);
    const object = objectOf(found, "Deployment app");
    expect(object?.conflicts).toEqual([{ ...fieldOf("4", "7"), choice: null }]);
    expect(object?.diff[object.conflicts[0]?.line ?? -1]?.text).toMatch(/revisionHistoryLimit: 7/);
    // The rest of the object is shown all the same.
    expect(object?.fields.map(({ field, source }) => [field.replace(/.*(?=\.)/, ""), source])).toContainEqual(
      [".image", "artifact"],
    );
    expect(found.actions.deploy.allowed).toBe(false);

    const left = await choose(place, next, choiceOf(place, "leave"));
    expect(left.digest).not.toBe(found.digest);
    expect(left.blockers).toEqual([]);
    expect(objectOf(left, "Deployment app")?.conflicts).toEqual([{ ...fieldOf("4", "7"), choice: "leave" }]);
    expect((await place.plan(next)).digest).toBe(left.digest);
    await succeed(place, left);
    expect(await historyOf(place)).toBe(7);
    const again = await place.plan(next);
    expect(again.digest).toBe(left.digest);
    expect(again.targets[0]?.objects.map(({ change }) => change)).toEqual([
      "unchanged",
      "unchanged",
      "unchanged",
    ]);
    const after = await place.release();
    expect(codes(await place.plan(after))).toEqual(["FIELD_CONFLICT"]);
  });

  test("is taken over by force, on record; plans with other choices are stale and their approvals void", async () => {
    const place = await here(app());
    await succeed(place, await place.plan(await place.release()));
    await edit(place, { revisionHistoryLimit: 7 });
    const next = await place.release();
    const left = await choose(place, next, choiceOf(place, "leave"));
    const actor = await place.actor();
    await decidePlan({ actor, digest: left.digest, decision: "approve", comment: "" });
    expect((await getPlan(actor, left.digest)).approvals.map(({ valid }) => valid)).toEqual([true]);

    const taken = await choose(place, next, choiceOf(place, "take_over"));
    expect(taken.blockers).toEqual([]);
    expect(objectOf(taken, "Deployment app")?.conflicts).toMatchObject([
      { field: HISTORY, choice: "take_over" },
    ]);
    expect(objectOf(taken, "Deployment app")?.fields).toContainEqual(
      expect.objectContaining({ field: HISTORY, before: "7", after: "4", source: "cluster" }),
    );
    const old = await getPlan(actor, left.digest);
    expect(old.approvals.map(({ voidReason }) => voidReason)).toEqual(["STALE"]);
    const evidence = await exportPlan(actor, left.digest);
    expect([planDigest(evidence.inputs), manifestsDigest(evidence.manifests)]).toEqual([
      left.digest,
      evidence.inputs.manifests,
    ]);
    expect(evidence.approvals).toMatchObject([{ digest: left.digest, decision: "approve", valid: false }]);
    expect(evidence.choices).toEqual([
      {
        ...choiceOf(place, "leave"),
        decidedBy: "ops",
        decidedAt: expect.stringMatching(/Z$/),
        decidedFor: left.digest,
      },
    ]);
    const exports = await db.auditEntry.findMany({
      where: { action: "plan.export", subjectId: left.digest },
      select: { actorName: true, projectKey: true },
    });
    expect(exports).toEqual([{ actorName: "ops", projectKey: place.key }]);
    const stranger = await loadActor(
      (await db.user.create({ data: { username: `stranger-${place.key}`, displayName: "S" } })).id,
    );
    if (!stranger) throw new Error("the stranger is gone");
    await expect(exportPlan(stranger, left.digest)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(old.changedSince.filter(({ part }) => part === "choice")).toMatchObject([
      { before: "leave", after: "take_over" },
    ]);
    await expect(startDeployment({ actor, planDigest: left.digest })).rejects.toMatchObject({
      code: "PLAN_STALE",
    });
    const [entry] = await db.auditEntry.findMany({
      where: { action: "plan.choose", subjectId: taken.digest },
      select: { data: true, actorName: true },
    });
    expect(entry).toMatchObject({
      actorName: "ops",
      data: { before: { choices: [{ choice: "leave" }] }, after: { choices: [{ choice: "take_over" }] } },
    });
    await succeed(place, taken);
    expect(await historyOf(place)).toBe(4);
    // It is ours now: what was decided has nothing to decide any more, and says so.
    const again = await place.plan(next);
    expect(again.checks.map(({ code }) => code)).toContain("CHOICE_DROPPED");
    expect(again.choices).toEqual([]);
  });

  test("is decided by who deploys or approves there, and by nobody else", async () => {
    const place = await here(app());
    await succeed(place, await place.plan(await place.release()));
    await edit(place, { revisionHistoryLimit: 7 });
    const next = await place.release();
    const dev = await loadActor(engine.people.dev);
    if (!dev) throw new Error("dev is gone");
    const asDev = { actor: dev, release: next, environment: "FAT" };
    const plan = await computePlan(asDev);
    expect(plan.actions.choose).toMatchObject({ allowed: false, blockers: [{ code: "ROLE_MISSING" }] });
    await expect(computePlan({ ...asDev, choices: [choiceOf(place, "take_over")] })).rejects.toMatchObject({
      code: "FORBIDDEN",
      blockers: [{ code: "ROLE_MISSING" }],
    });
    await choose(place, next, choiceOf(place, "leave"));
    // Computing again keeps what others decided, and the same list is no decision.
    expect((await computePlan(asDev)).choices).toHaveLength(1);
    expect((await computePlan({ ...asDev, choices: [choiceOf(place, "leave")] })).choices).toHaveLength(1);
  });

  test("is also decided for a rollback", async () => {
    const place = await here(app());
    const first = await place.deploy(await place.release());
    await place.template("app", app({ revisionHistoryLimit: 5 }));
    const second = await place.deploy(await place.release());
    expect([first.state, second.state]).toEqual(["succeeded", "succeeded"]);
    await edit(place, { revisionHistoryLimit: 7 });
    const actor = await place.actor();
    const back = await rollbackDeployment({ actor, id: second.id });
    expect(codes(back)).toEqual(["FIELD_CONFLICT"]);
    const taken = await choosePlan({ actor, digest: back.digest, choices: [choiceOf(place, "take_over")] });
    expect([taken.kind, taken.current, taken.blockers]).toEqual(["rollback", true, []]);
    await succeed(place, taken);
    expect(await historyOf(place)).toBe(4);
  });
});

describe("an autoscaler and a fixed number of replicas", () => {
  const scaler = (target: string, range: Record<string, unknown> = {}) => ({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "app" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: target },
      minReplicas: 2,
      maxReplicas: 5,
      ...range,
    },
  });
  const manager = "HorizontalPodAutoscaler app";

  test("in one plan: told before the first deployment, and left to the autoscaler", async () => {
    const place = await here(templateOf(deployment("app", { spec: { replicas: 3 } }), scaler("app")));
    const number = await place.release();
    const plan = await place.plan(number);
    expect(plan.blockers).toMatchObject([
      { code: "AUTOSCALER_CONFLICT", facts: { autoscaler: "app", replicas: 3, min: 2, max: 5 } },
    ]);
    const field = ".spec.replicas";
    await expect(choose(place, number, choiceOf(place, "take_over", field, manager))).rejects.toMatchObject({
      code: "BLOCKED",
      blockers: [{ code: "TAKE_OVER_POINTLESS" }],
    });
    const left = await choose(place, number, choiceOf(place, "leave", field, manager));
    expect(left.blockers).toEqual([]);
    expect(left.choices).toHaveLength(1);
    expect(objectOf(left, "Deployment app")?.diff.map(({ text }) => text.trim())).toContain("replicas: 1");
  });

  test("a live one that nobody told the portal about", async () => {
    const place = await here(templateOf(deployment("app", { spec: { replicas: 1 } })));
    await succeed(place, await place.plan(await place.release()));
    const outcome = await engine.other.apply({
      ...scaler("app"),
      metadata: { name: "app", namespace: place.namespace },
    });
    expect(outcome.ok).toBe(true);
    const plan = await place.plan(await place.release());
    expect(plan.blockers).toMatchObject([{ code: "AUTOSCALER_CONFLICT", facts: { manager, replicas: 1 } }]);
    // However the server records the autoscaler's writes, it is one conflict.
    expect(objectOf(plan, "Deployment app")?.conflicts).toMatchObject([{ autoscaler: "app", ours: "1" }]);
  });

  test("one that scales nothing is warned of", async () => {
    const place = await here(templateOf(deployment("app"), scaler("gone")));
    const plan = await place.plan(await place.release());
    expect(plan.blockers).toEqual([]);
    expect(plan.checks.filter(({ code }) => code.startsWith("AUTOSCALER")).map(({ code }) => code)).toEqual([
      "AUTOSCALER_TARGET_MISSING",
    ]);
  });
});

describe("what a plan shows", () => {
  test("defaults of the server are no changes; a field given up falls back to its default, by name", async () => {
    const place = await here(app());
    const number = await place.release();
    const first = await place.plan(number);
    expect(first.targets[0]?.objects.map(({ change }) => change)).toEqual(["create", "create", "create"]);
    await succeed(place, first);
    const same = await place.plan(number);
    expect(same.targets[0]?.objects.map(({ change }) => change)).toEqual([
      "unchanged",
      "unchanged",
      "unchanged",
    ]);
    await place.template("app", app({ revisionHistoryLimit: undefined }));
    const dropped = objectOf(await place.plan(number), "Deployment app");
    expect(dropped?.change).toBe("change");
    expect(dropped?.dropped).toEqual([{ field: HISTORY, before: "4", after: "10", owners: [] }]);
    expect(dropped?.fields.map(({ field, before, after, source }) => [field, before, after, source])).toEqual(
      [[HISTORY, "4", "10", "template"]],
    );
  });

  test("each change says what it comes from: image, value and who set it, template and who saved it, order", async () => {
    const body = templateOf(
      deployment("app", {
        container: { image: IMAGE },
        spec: { revisionHistoryLimit: 4 },
      }),
    );
    const map = `\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app-config\ndata:\n  GREETING: {{ variables.GREETING }}\n`;
    const place = await makePlace(engine, {
      components: [{ key: "app", template: body + map, variables: { GREETING: "hello" } }],
    });
    await succeed(place, await place.plan(await place.release()));
    const { id: componentId = "" } = place.components.get("app") ?? {};
    const config = await db.componentConfig.update({
      where: { componentId_environmentId: { componentId, environmentId: engine.environment.id } },
      data: { variables: { GREETING: "bye" }, version: 2 },
    });
    for (const [version, greeting] of [
      [1, "hello"],
      [2, "bye"],
    ] as const) {
      const { replicas, cpuRequest, cpuLimit, memoryRequest, memoryLimit } = config;
      const numbers = { replicas, cpuRequest, cpuLimit, memoryRequest, memoryLimit };
      const snapshot = { ...numbers, variables: { GREETING: greeting }, secrets: {} };
      const createdById = version === 1 ? engine.people.ops : engine.people.dev;
      await db.componentConfigVersion.create({
        data: { configId: config.id, version, snapshot, createdById },
      });
    }
    await place.template("app", body.replace('"revisionHistoryLimit":4', '"revisionHistoryLimit":6') + map);
    const number = await place.release();
    const plan = await place.plan(number);
    const told = plan.targets
      .flatMap(({ objects }) => objects.flatMap(({ fields }) => fields))
      .map(({ field, origin }) => [field, origin === null ? null : plan.origins[origin]] as const);
    const of = (end: string) => told.find(([field]) => field.endsWith(end))?.[1];
    expect(of(".image")).toMatchObject({ source: "artifact", component: "app" });
    expect(of(".data.GREETING")).toMatchObject({
      source: "config",
      values: [{ name: "GREETING", layer: "environment", version: 2, person: "DEV" }],
    });
    expect(of(HISTORY)).toMatchObject({ source: "template", name: "own", version: 2, person: "OPS" });
    expect(of("app.kubernetes.io/version")).toEqual({ source: "release", number });
    for (const [field, origin] of told) expect([field, origin]).not.toContain(null);
    const lines = plan.targets.flatMap(({ objects }) => objects.flatMap(({ diff }) => diff));
    for (const { kind, origin } of lines) expect(origin === null).toBe(kind === "same");
  });

  test("a kind that the cluster does not know is named with the cluster; the rest is shown", async () => {
    const widget = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "app" } };
    const place = await here(templateOf(configMap("app-config", { a: "1" }), widget));
    const plan = await place.plan(await place.release());
    expect(codes(plan)).toEqual(["KIND_NOT_ALLOWED", "KIND_UNKNOWN"]);
    expect(plan.blockers[1]?.facts).toMatchObject({ cluster: "one", kind: "example.com/v1 Widget" });
    expect(objectOf(plan, "ConfigMap app-config")?.change).toBe("create");
  });

  test("a plan is refused once its waves, strategies or checks are others, and says which", async () => {
    const place = await here(app());
    const plan = await place.plan(await place.release());
    await db.target.updateMany({ where: { projectId: place.projectId }, data: { wave: 2 } });
    const check = { kind: "http", name: "up", path: "/", expectStatus: 200, timeoutSeconds: 30 };
    await db.componentConfig.updateMany({
      where: { component: { projectId: place.projectId } },
      data: { strategy: { kind: "recreate" }, smokeChecks: [check] },
    });
    const actor = await place.actor();
    await expect(startDeployment({ actor, planDigest: plan.digest })).rejects.toMatchObject({
      code: "PLAN_STALE",
      facts: {
        changedSince: [
          { part: "strategy", subject: "app", before: "rolling", after: "recreate" },
          { part: "check", subject: "app/up", before: null },
          { part: "target", before: "wave 1", after: "wave 2" },
        ],
      },
    });
  });

  test("a namespace that is not there yet: everything is new", async () => {
    const place = await makePlace(engine, { components: [{ key: "app", template: app() }] });
    const plan = await place.plan(await place.release());
    expect(plan.blockers).toEqual([]);
    expect(plan.checks.map(({ code }) => code)).toContain("NAMESPACE_WILL_BE_CREATED");
    expect(plan.targets[0]?.objects.map(({ change }) => change)).toEqual(["create", "create", "create"]);
  });
});

describe("a value of a Secret that somebody else wrote", () => {
  const OURS = "our-very-own-value";
  const THEIRS = "what-somebody-typed";
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const FIELD = ".data.DB_PASSWORD";
  const SECRET = "Secret app-secrets";
  const secretChoice = (place: Place, choice: ConflictChoice["choice"]) => ({
    ...choiceOf(place, choice, FIELD),
    object: SECRET,
  });
  const dataOf = async (place: Place) => Object(await place.get("v1", "Secret", "app-secrets")).data;
  const begin = async () => {
    const secrets = { DB_PASSWORD: OURS, TOKEN: "token-value" };
    const place = await makePlace(engine, {
      components: [{ key: "app", template: app(), secrets }],
      existing: {},
    });
    await succeed(place, await place.plan(await place.release()));
    await createCluster({ kubeconfig: engine.kubeconfig, fieldManager: "kubectl-edit" }).mergePatch(
      { apiVersion: "v1", kind: "Secret", name: "app-secrets", namespace: place.namespace },
      { data: { DB_PASSWORD: base64(THEIRS) } },
    );
    return place;
  };
  /** Nothing that is stored or answered may quote a value. */
  const expectSealed = async (place: Place, plan: PlanDto) => {
    const rows = await db.plan.findMany({ where: { project: { key: place.key } } });
    const events = await db.auditEntry.findMany({ where: { subject: "plan" }, select: { data: true } });
    const text = JSON.stringify([
      plan,
      rows.map(({ inputs, manifests, review }) => [inputs, manifests, review]),
      events,
    ]);
    for (const value of [OURS, THEIRS, "token-value"]) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(base64(value));
    }
  };

  test("is found when planning, in its own line; left alone its key is not sent", async () => {
    const place = await begin();
    const next = await place.release();
    const found = await place.plan(next);
    expect(codes(found)).toEqual(["FIELD_CONFLICT"]);
    const object = objectOf(found, SECRET);
    expect(object?.conflicts).toMatchObject([
      { field: FIELD, manager: "kubectl-edit", ours: null, theirs: null, choice: null },
    ]);
    expect(object?.diff[object.conflicts[0]?.line ?? -1]?.text).toBe("  DB_PASSWORD: (unknown)");
    expect(JSON.stringify(object?.diff)).toContain("TOKEN: (version 1)");
    await expectSealed(place, found);

    const left = await choose(place, next, secretChoice(place, "leave"));
    expect(left.blockers).toEqual([]);
    expect(objectOf(left, SECRET)?.conflicts).toMatchObject([{ field: FIELD, choice: "leave" }]);
    await expectSealed(place, left);
    const { inputs } = await exportPlan(await place.actor(), left.digest);
    expect(inputs.configs[0]?.secrets).toEqual({ DB_PASSWORD: 1, TOKEN: 1 });
    await succeed(place, left);
    expect(await dataOf(place)).toEqual({ DB_PASSWORD: base64(THEIRS), TOKEN: base64("token-value") });
  });

  test("is taken over by force, and the plan says that it changes", async () => {
    const place = await begin();
    const next = await place.release();
    const taken = await choose(place, next, secretChoice(place, "take_over"));
    expect(taken.blockers).toEqual([]);
    expect(objectOf(taken, SECRET)?.fields).toContainEqual(
      expect.objectContaining({ field: FIELD, before: "(unknown)", after: "(version 1)" }),
    );
    await expectSealed(place, taken);
    await succeed(place, taken);
    expect((await dataOf(place)).DB_PASSWORD).toBe(base64(OURS));
  });
});
