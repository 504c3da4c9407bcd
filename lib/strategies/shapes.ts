import { z } from "zod";
import type { manifestSchema } from "#lib/plans/content.ts";

/** What strategies read of the objects that a plan writes. A shape that is not understood is left as it is. */
export type Manifest = z.infer<typeof manifestSchema>;

const labels = z.record(z.string(), z.string());
const deploymentSchema = z.looseObject({
  apiVersion: z.literal("apps/v1"),
  kind: z.literal("Deployment"),
  spec: z.looseObject({
    replicas: z.number().int().optional(),
    selector: z.looseObject({ matchLabels: labels.optional() }),
    template: z.looseObject({ metadata: z.looseObject({ labels: labels.optional() }).optional() }),
  }),
});
const serviceSchema = z.looseObject({
  kind: z.literal("Service"),
  spec: z.looseObject({ selector: labels }),
});
const scalerSchema = z.looseObject({
  kind: z.literal("HorizontalPodAutoscaler"),
  spec: z.looseObject({
    scaleTargetRef: z.looseObject({ kind: z.string(), name: z.string() }),
    minReplicas: z.number().int().optional(),
  }),
});
const budgetSchema = z.looseObject({
  kind: z.literal("PodDisruptionBudget"),
  spec: z.looseObject({ selector: z.looseObject({ matchLabels: labels }) }),
});

export const deploymentSpec = (manifest: Manifest) => deploymentSchema.safeParse(manifest).data?.spec;
export const serviceSpec = (manifest: Manifest) => serviceSchema.safeParse(manifest).data?.spec;
export const scalerSpec = (manifest: Manifest) => scalerSchema.safeParse(manifest).data?.spec;
export const budgetSpec = (manifest: Manifest) => budgetSchema.safeParse(manifest).data?.spec;

/** Whether a selector of labels takes the pods of a Deployment; an empty one takes none. Pure. */
function selects(selector: Record<string, string>, deployment: Manifest): boolean {
  const pods = deploymentSpec(deployment)?.template.metadata?.labels ?? {};
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([name, value]) => pods[name] === value);
}

/** Whether an object brings traffic to a Deployment, scales it or guards its pods: it goes where the Deployment goes. */
export function belongsTo(manifest: Manifest, deployment: Manifest): boolean {
  const service = serviceSpec(manifest);
  if (service) return selects(service.selector, deployment);
  return scales(manifest, deployment) || guards(manifest, deployment);
}

export function scales(manifest: Manifest, deployment: Manifest): boolean {
  const target = scalerSpec(manifest)?.scaleTargetRef;
  return target?.kind === "Deployment" && target.name === deployment.metadata.name;
}

export function guards(manifest: Manifest, deployment: Manifest): boolean {
  const budget = budgetSpec(manifest);
  return budget !== undefined && selects(budget.selector.matchLabels, deployment);
}

/**
 * How many pods a Deployment has at full strength, as far as its manifests tell: an autoscaler's least number where
 * it has none of its own. Pure.
 */
export function fullStrength(deployment: Manifest, others: readonly Manifest[]): number {
  const own = deploymentSpec(deployment)?.replicas;
  if (own !== undefined) return own;
  const scaler = others.find((manifest) => scales(manifest, deployment));
  return (scaler && scalerSpec(scaler)?.minReplicas) ?? 1;
}
