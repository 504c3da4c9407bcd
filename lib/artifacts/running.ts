import { db } from "#lib/db.ts";
import { planInputsSchema } from "#lib/plans/content.ts";
import type { ArtifactDto } from "./schema.ts";

/** Objects that run an image. */
export const RUNS_IMAGES = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];
const inputsSchema = planInputsSchema.pick({ images: true });

/**
 * Where an image was applied last: places whose workloads come from a deployment with this digest. What the record has,
 * not what a cluster says.
 */
export async function runsOf(
  component: { id: string; key: string },
  digest: string,
): Promise<ArtifactDto["runs"]> {
  const inventory = await db.inventoryObject.findMany({
    where: { componentId: component.id, kind: { in: RUNS_IMAGES } },
    distinct: ["targetId", "deploymentId"],
    select: {
      deploymentId: true,
      target: {
        select: {
          namespace: true,
          wave: true,
          cluster: { select: { key: true } },
          environment: { select: { key: true, rank: true } },
        },
      },
    },
  });
  const deployments = await db.deployment.findMany({
    where: { id: { in: [...new Set(inventory.map(({ deploymentId }) => deploymentId))] } },
    select: {
      id: true,
      endedAt: true,
      release: { select: { number: true } },
      plan: { select: { inputs: true } },
    },
  });
  const brought = new Map(
    deployments
      .filter(({ plan }) =>
        inputsSchema
          .parse(plan.inputs)
          .images.some((image) => image.component === component.key && image.digest === digest),
      )
      .map((deployment) => [deployment.id, deployment]),
  );
  return inventory
    .sort((a, b) => b.target.environment.rank - a.target.environment.rank || a.target.wave - b.target.wave)
    .flatMap(({ deploymentId, target }) => {
      const deployment = brought.get(deploymentId);
      if (!deployment) return [];
      return [
        {
          environment: target.environment.key,
          cluster: target.cluster.key,
          namespace: target.namespace,
          deployment: deployment.id,
          release: deployment.release.number,
          since: deployment.endedAt?.toISOString() ?? null,
        },
      ];
    });
}
