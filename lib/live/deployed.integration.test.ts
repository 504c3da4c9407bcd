import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import { getConfig } from "#lib/components/config-queries.ts";
import { updateConfig } from "#lib/components/config-service.ts";
import { db } from "#lib/db.ts";
import { startDeployment } from "#lib/deployments/service.ts";
import { workUntilDone } from "#lib/deployments/testing/run.ts";
import { makeWorld, type World } from "#lib/deployments/testing/world.ts";
import { computePlan } from "#lib/plans/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { getAdoptable } from "./adoption-queries.ts";
import { getTimeline } from "./timeline-queries.ts";

await testDatabase();
let world: World;
const fat = { project: "shop", environment: "FAT" };
const config = { ...fat, component: "api" };
const namespace = "shop-fat";
const api = { apiVersion: "apps/v1", kind: "Deployment", name: "api", namespace };

beforeAll(async () => {
  world = await makeWorld();
  await deploy("R-1");
});
afterAll(() => world?.close());

async function saveReplicas(replicas: number): Promise<void> {
  const dev = await world.actor("dev");
  const { version } = await getConfig(dev, config);
  await updateConfig({ actor: dev, ...config, version, replicas });
}
async function deploy(number: string, crashes = false): Promise<string> {
  await world.release(number, { crashes });
  const ops = await world.actor("ops");
  const { digest } = await computePlan({ actor: ops, release: number, environment: "FAT" });
  const { id } = await startDeployment({ actor: ops, planDigest: digest });
  await workUntilDone(id);
  return id;
}

test("the timeline knows what ran, since when and by whom, and what did not succeed", async () => {
  const ops = await world.actor("ops");
  const first = await db.deployment.findFirstOrThrow({ where: { state: "succeeded" } });
  const failed = await deploy("R-2", true);
  expect(await db.deployment.findUniqueOrThrow({ where: { id: failed } })).toMatchObject({ state: "failed" });
  const timeline = await getTimeline(ops, fat, { days: 30 });
  expect(timeline.cut).toBe(false);
  expect(timeline.deployments).toMatchObject([
    { id: failed, release: "R-2", state: "failed", by: { username: "ops" } },
    { id: first.id, release: "R-1", state: "succeeded", automatic: false },
  ]);
  expect(timeline.lanes).toMatchObject([
    {
      components: ["api"],
      spans: [{ deployment: first.id, release: "R-1", from: first.endedAt?.toISOString(), to: null }],
      attempts: [{ deployment: failed, release: "R-2", touched: true }],
    },
  ]);
  expect(timeline.lanes[0]?.spans[0]?.unsureFrom).toBe(timeline.lanes[0]?.attempts[0]?.at);

  // Long ago now: outside the range, and still what runs.
  const old = new Date(Date.now() - 40 * 86_400_000);
  await db.deployment.updateMany({ data: { startedAt: old, endedAt: old } });
  const later = await getTimeline(ops, fat, { days: 30 });
  expect(later.lanes).toMatchObject([
    { spans: [{ deployment: first.id, from: old.toISOString(), to: null }], attempts: [] },
  ]);
});

test("a drifted value that the config owns can be kept; one that a template fixed cannot", async () => {
  const ops = await world.actor("ops");
  await saveReplicas(2);
  await deploy("R-3");
  expect(await getAdoptable(ops, fat, {})).toMatchObject({ items: [] });
  const hand = createCluster({
    kubeconfig: world.kubernetes[0]?.kubeconfig ?? "",
    fieldManager: "kubectl-edit",
  });
  const container = { name: "app", resources: { limits: { memory: "320Mi" } } };
  await hand.mergePatch(api, { spec: { replicas: 3, revisionHistoryLimit: 3 } });
  await hand.apply(
    {
      apiVersion: api.apiVersion,
      kind: api.kind,
      metadata: { name: "api", namespace },
      spec: { template: { spec: { containers: [container] } } },
    },
    { force: true },
  );
  const found = { cluster: "cluster-1", namespace, object: "Deployment api", component: "api", saved: false };
  await vi.waitFor(
    async () => {
      const { items } = await getAdoptable(ops, fat, {});
      expect(items.map(({ name, value }) => [name, value])).toEqual([
        ["replicas", "3"],
        ["memoryLimit", "320Mi"],
      ]);
      expect(items[0]).toEqual({ ...found, field: ".spec.replicas", name: "replicas", value: "3" });
    },
    { timeout: 20_000, interval: 200 },
  );
  expect((await getAdoptable(ops, fat, {})).mayEdit).toBe((await getConfig(ops, config)).mayEdit);
  expect(await getAdoptable(await world.actor("tester"), fat, {})).toMatchObject({ mayEdit: false });

  expect(await getAdoptable(ops, fat, { cluster: "cluster-2" })).toMatchObject({ items: [] });

  await saveReplicas(3);
  expect((await getAdoptable(ops, fat, {})).items[0]).toMatchObject({ name: "replicas", saved: true });
});
