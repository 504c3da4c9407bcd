import type { Tx } from "#lib/db.ts";
import { type PlanInputs, planInputsSchema } from "#lib/plans/content.ts";

export type UndoneDeployment = {
  id: string;
  releaseId: string;
  release: string;
  state: string;
  version: number;
};

/**
 * Deployments that a rollback to `sources` undoes: later ones of the same components, of other release orders.
 * Newest first. One that was cancelled before it touched anything leaves its release's stage alone.
 */
export async function undoneDeployments(
  tx: Tx,
  input: { projectId: string; environmentId: string; sources: PlanInputs["sources"] },
): Promise<UndoneDeployment[]> {
  const sources = await tx.deployment.findMany({
    where: { id: { in: input.sources.map(({ deployment }) => deployment) } },
    select: { id: true, createdAt: true, releaseId: true },
  });
  const oldest = sources.map(({ createdAt }) => createdAt).sort((a, b) => a.getTime() - b.getTime())[0];
  if (!oldest) return [];
  const later = await tx.deployment.findMany({
    where: {
      projectId: input.projectId,
      environmentId: input.environmentId,
      kind: "deploy",
      state: { in: ["succeeded", "failed", "rolling_back", "cancelled", "unknown"] },
      createdAt: { gt: oldest },
    },
    orderBy: { id: "desc" },
    select: {
      id: true,
      createdAt: true,
      state: true,
      version: true,
      releaseId: true,
      release: { select: { number: true } },
      plan: { select: { inputs: true } },
    },
  });
  return later
    .filter(({ plan, createdAt }) => {
      const components = planInputsSchema.parse(plan.inputs).images.map(({ component }) => component);
      return input.sources.some(({ component, deployment }) => {
        const source = sources.find(({ id }) => id === deployment);
        return components.includes(component) && source !== undefined && createdAt > source.createdAt;
      });
    })
    .filter(({ release }) => !input.sources.some((source) => source.release === release.number))
    .map(({ id, state, version, releaseId, release }) => ({
      id,
      state,
      version,
      releaseId,
      release: release.number,
    }));
}
