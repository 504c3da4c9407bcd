import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { createCluster as connect } from "#lib/adapters/kubernetes/cluster.ts";
import { db } from "#lib/db.ts";
import { makeAccount, objectsIn } from "#lib/deployments/testing/account.ts";
import { addCluster, type Engine, makeEngine } from "#lib/deployments/testing/engine.ts";
import { generatedTemplate } from "#lib/deployments/testing/generated.ts";
import { makePlace, type Place } from "#lib/deployments/testing/place.ts";
import { WEB_TEMPLATE } from "#lib/templates/defaults/web.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { NAMESPACE_RULES, namespaceManifest, type RoleRule, rightName, rightsOf } from "./rights.ts";
import { checkCluster } from "./service.ts";

await testDatabase();
let engine: Engine;
let admin: Actor;
let account: Awaited<ReturnType<typeof makeAccount>>;
let clusterId: string;
const wait = { timeout: 20_000, interval: 300 };

beforeAll(async () => {
  engine = await makeEngine();
  account = await makeAccount(engine);
  clusterId = await addCluster("least", account.kubeconfig);
  const { id } = await db.user.create({
    data: { username: "admin", displayName: "Admin", globalRoles: ["admin"] },
  });
  const found = await loadActor(id);
  if (!found) throw new Error("admin is gone");
  admin = found;
});
afterAll(() => engine?.close());

/** Applies YAML as the cluster's administrator does. */
const grant = async (yaml: string) => {
  for (const object of objectsIn(yaml)) {
    const outcome = await engine.client.apply(object, { force: true });
    expect(outcome.ok).toBe(true);
  }
};
/** The same Role with these rules in place of its own. */
const grantRules = async (namespace: string, rules: RoleRule[]) => {
  const [role, binding] = objectsIn(namespaceManifest({ user: account.user, namespace }));
  if (!role || !binding) throw new Error("no role");
  for (const object of [{ ...role, rules }, binding]) await engine.client.apply(object, { force: true });
};
const seeds = [4, 11, 25, 27, 28, 30];
const makeGrantedPlace = async (rules?: RoleRule[]): Promise<Place> => {
  const components = [{ key: "api", template: WEB_TEMPLATE, secrets: { DB_PASSWORD: "hunter2-secret" } }];
  const generated = seeds.map((seed) => ({
    key: `g${seed}`,
    template: generatedTemplate(`g${seed}`, seed, 1),
  }));
  const place = await makePlace(engine, {
    components: [...components, ...generated],
    existing: {},
    clusterId,
  });
  if (rules) await grantRules(place.namespace, rules);
  return place;
};
const rightsIn = async (namespace: string) => {
  const { findings } = await checkCluster({ actor: admin, cluster: "least" });
  return findings.find((finding) => finding.namespace === namespace);
};

describe("an account with the rights of the manifest and no other", () => {
  test("plans, deploys, changes, prunes and is found complete", async () => {
    const place = await makeGrantedPlace();
    const before = await rightsIn(place.namespace);
    expect(before?.missing).toEqual(rightsOf(NAMESPACE_RULES).map(rightName));
    // The check's own YAML is what mends it.
    await grant(before?.manifest ?? "");
    await expect.poll(async () => (await rightsIn(place.namespace))?.ok, wait).toBe(true);
    const first = await place.deploy(await place.release());
    expect([first.state, first.cause]).toEqual(["succeeded", null]);
    for (const seed of seeds) await place.template(`g${seed}`, generatedTemplate(`g${seed}`, seed, 2));
    const number = await place.release();
    const plan = await place.plan(number);
    const changes = new Set(plan.targets.flatMap(({ objects }) => objects.map(({ change }) => change)));
    expect([...changes].sort()).toEqual(["change", "create", "delete"]);
    const second = await place.finish(await place.start(plan.digest));
    expect([second.state, second.cause]).toEqual(["succeeded", null]);
    // Also what people do on the live page.
    const least = connect({ kubeconfig: account.kubeconfig });
    const { namespace } = place;
    await least.scale({ apiVersion: "apps/v1", kind: "Deployment", name: "api", namespace }, 2);
    const { items } = await least.list({ apiVersion: "v1", kind: "Pod", namespace });
    expect(items.length).toBeGreaterThan(0);
    await least.podLog({ namespace, name: items[0]?.metadata.name ?? "" }, { tailLines: 1 });
    const service = { namespace, service: "api", port: "http", path: "/healthz" };
    expect((await least.proxyGet(service)).status).toBeLessThan(600);
  });

  test("may do nothing in other namespaces, and not give itself rights", async () => {
    const place = await makeGrantedPlace([...NAMESPACE_RULES]);
    const least = connect({ kubeconfig: account.kubeconfig });
    const elsewhere = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x", namespace: "default" } };
    await expect(least.apply(elsewhere)).rejects.toMatchObject({ failure: "forbidden" });
    const [role] = objectsIn(namespaceManifest({ user: account.user, namespace: place.namespace }));
    if (!role) throw new Error("no role");
    await expect(least.apply(role)).rejects.toMatchObject({ failure: "forbidden" });
  });
});

describe("with one right taken away", () => {
  const all = rightsOf(NAMESPACE_RULES);
  const named = [
    "delete deployments.apps",
    "watch events",
    "get pods/log",
    "patch statefulsets.apps/scale",
    "create jobs.batch",
  ];
  test.each(named)("the check names exactly %s", async (name) => {
    const taken = (right: (typeof all)[number]) => rightName(right) === name;
    expect(all.filter(taken)).toHaveLength(1);
    const rules = all
      .filter((right) => !taken(right))
      .map(({ verb, group, resource }) => ({ apiGroups: [group], resources: [resource], verbs: [verb] }));
    const place = await makePlace(engine, {
      components: [{ key: "api", template: WEB_TEMPLATE }],
      existing: {},
      clusterId,
    });
    await grantRules(place.namespace, rules);
    await expect
      .poll(async () => (await rightsIn(place.namespace))?.missing, wait)
      .toEqual(all.filter(taken).map(rightName));
  });

  test("the plan names the object that would be refused, and nothing is touched", async () => {
    const rules = NAMESPACE_RULES.map((rule) =>
      rule.resources.includes("deployments")
        ? { ...rule, resources: rule.resources.filter((resource) => resource !== "deployments") }
        : rule,
    );
    const place = await makePlace(engine, {
      components: [{ key: "api", template: WEB_TEMPLATE }],
      existing: {},
      clusterId,
    });
    await grantRules(place.namespace, rules);
    await expect.poll(async () => (await rightsIn(place.namespace))?.missing?.length, wait).toBe(6);
    const plan = await place.plan(await place.release());
    expect(plan.blockers.map(({ code, facts }) => `${code} ${facts.object ?? ""}`)).toContain(
      "DRY_RUN_REFUSED Deployment api",
    );
    expect(await place.get("v1", "ConfigMap", "api-config")).toBeNull();
  });
});
