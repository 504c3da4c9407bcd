import type { Tx } from "#lib/db.ts";
import { type PlanManifests, planManifestsSchema } from "#lib/plans/content.ts";

export type Deployed = {
  component: string;
  manifest: PlanManifests["targets"][number]["objects"][number]["manifest"];
};

/** What was applied last on a target, object by object, as the plans that put it there have it. */
export async function deployedOn(tx: Tx, targetId: string): Promise<Deployed[]> {
  const inventory = await tx.inventoryObject.findMany({
    where: { targetId },
    select: { apiVersion: true, kind: true, name: true, deploymentId: true },
  });
  const deployments = await tx.deployment.findMany({
    where: { id: { in: [...new Set(inventory.map(({ deploymentId }) => deploymentId))] } },
    select: { id: true, plan: { select: { manifests: true } } },
  });
  const plans = new Map(deployments.map(({ id, plan }) => [id, planManifestsSchema.parse(plan.manifests)]));
  return inventory.flatMap(({ apiVersion, kind, name, deploymentId }) => {
    const target = plans.get(deploymentId)?.targets.find((one) => one.targetId === targetId);
    const found = target?.objects.find(
      ({ manifest }) =>
        manifest.apiVersion === apiVersion && manifest.kind === kind && manifest.metadata.name === name,
    );
    return found ? [{ component: found.component, manifest: found.manifest }] : [];
  });
}
