import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { comparisonSchema } from "#lib/deployments/content.ts";
import { computePlan } from "#lib/plans/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { getDeployment } from "../queries.ts";
import { retryDeployment } from "../retry.ts";
import { startDeployment } from "../service.ts";
import { workUntilDone } from "../testing/run.ts";
import { makeWorld, type World } from "../testing/world.ts";

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld({ clusters: 2 });
});
afterAll(() => world?.close());

const comparisonOf = async (deploymentId: string, cluster: string) => {
  const { comparison } = await db.deploymentTarget.findFirstOrThrow({
    where: { deploymentId, target: { cluster: { key: cluster } } },
    select: { comparison: true },
  });
  return comparison === null ? null : comparisonSchema.parse(comparison);
};

test("a target that fails is held beside the one that is healthy; a retry that succeeds takes that away", async () => {
  const ops = await world.actor("ops");
  await world.release("R-1");
  const bad = world.cluster(1);
  await bad.createNamespace("shop-fat", {});
  const quota = {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "tight", namespace: "shop-fat" },
  };
  const applied = await bad.apply({ ...quota, spec: { hard: { pods: "0" } } });
  expect(applied.ok).toBe(true);

  const plan = await computePlan({ actor: ops, release: "R-1", environment: "FAT" });
  const { id } = await startDeployment({ actor: ops, planDigest: plan.digest });
  await workUntilDone(id);
  const failed = await getDeployment(ops, id);
  expect(failed.targets.map(({ state }) => state)).toEqual(["succeeded", "failed"]);
  expect(failed.cause?.code).toBe("QUOTA");
  expect(await comparisonOf(id, "cluster-1")).toBeNull();
  const comparison = await comparisonOf(id, "cluster-2");
  expect(comparison?.with).toEqual({ cluster: "cluster-1", namespace: "shop-fat" });
  const part = (name: string) => comparison?.parts.find((one) => one.part === name);
  expect(part("manifest")).toMatchObject({ same: true });
  expect(part("secrets")).toMatchObject({ same: true, here: ["api-secrets: DB_PASSWORD v1"] });
  expect(part("version")).toMatchObject({ same: true });
  expect(part("quota")).toEqual({ part: "quota", same: false, here: ["tight: pods 0 of 0"], there: [] });
  expect(part("image")).toMatchObject({ same: false, here: [] });
  expect(part("image")?.there.join()).toContain("sha256:");
  expect(JSON.stringify(comparison)).not.toContain("hunter2");

  await bad.remove({ ...quota, namespace: "shop-fat", name: "tight" });
  // The cluster tells when pods were refused in whole seconds: within the same one it could be this attempt's.
  const refusedAt = Date.parse(failed.targets[1]?.endedAt ?? "");
  await expect.poll(() => Date.now(), { timeout: 5000 }).toBeGreaterThan(refusedAt + 1000);
  await retryDeployment({ actor: ops, id });
  await workUntilDone(id);
  expect((await getDeployment(ops, id)).state).toBe("succeeded");
  expect(await comparisonOf(id, "cluster-2")).toBeNull();
});
