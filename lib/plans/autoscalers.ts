import { z } from "zod";
import type { Manifest, ObjectRef } from "#lib/adapters/ports.ts";
import { objectName } from "./choices.ts";
import type { PlanManifests, PlanReview } from "./content.ts";

type Target = PlanManifests["targets"][number];
type Check = PlanReview["checks"][number];
export const AUTOSCALER_KIND = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" };

const autoscalerSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    scaleTargetRef: z.looseObject({
      apiVersion: z.string().default("apps/v1"),
      kind: z.string(),
      name: z.string(),
    }),
    minReplicas: z.number().default(1),
    maxReplicas: z.number(),
  }),
});
const fixedSchema = z.looseObject({ spec: z.looseObject({ replicas: z.number() }) });

/** One that scales a workload of the plan; `planned` when the plan itself brings it. */
export type Autoscaler = {
  name: string;
  scales: { apiVersion: string; kind: string; name: string };
  min: number;
  max: number;
  planned: boolean;
};

/** Autoscalers of a namespace as they will be: the plan's, and the live ones that it neither replaces nor deletes. Pure. */
export function autoscalersOf(
  target: Pick<Target, "objects" | "prune">,
  live: readonly Manifest[],
): Autoscaler[] {
  const planned = target.objects
    .map(({ manifest }) => manifest)
    .filter(({ kind }) => kind === AUTOSCALER_KIND.kind);
  const replaced = new Set([
    ...planned.map(({ metadata }) => metadata.name),
    ...target.prune.filter(({ ref }) => ref.kind === AUTOSCALER_KIND.kind).map(({ ref }) => ref.name),
  ]);
  const kept = live.filter(({ metadata }) => !replaced.has(metadata.name));
  const read = (manifest: Manifest, planned: boolean): Autoscaler[] => {
    const { data } = autoscalerSchema.safeParse(manifest);
    if (!data) return [];
    const { scaleTargetRef, minReplicas, maxReplicas } = data.spec;
    const { apiVersion, kind, name } = scaleTargetRef;
    return [
      {
        name: data.metadata.name,
        scales: { apiVersion, kind, name },
        min: minReplicas,
        max: maxReplicas,
        planned,
      },
    ];
  };
  return [...planned.flatMap((one) => read(one, true)), ...kept.flatMap((one) => read(one, false))];
}

/** A workload whose manifest fixes the number that an autoscaler is there to choose. */
export type FixedReplicas = { object: string; replicas: number; autoscaler: Autoscaler };

/** Pure: workloads of the plan with fixed `replicas` under an autoscaler. */
export function fixedReplicas(
  objects: Target["objects"],
  autoscalers: readonly Autoscaler[],
): FixedReplicas[] {
  return objects.flatMap(({ manifest }): FixedReplicas[] => {
    const fixed = fixedSchema.safeParse(manifest).data?.spec.replicas;
    const autoscaler = autoscalers.find(
      ({ scales }) => scales.kind === manifest.kind && scales.name === manifest.metadata.name,
    );
    return fixed === undefined || !autoscaler
      ? []
      : [{ object: objectName(manifest), replicas: fixed, autoscaler }];
  });
}

/**
 * Warnings about the plan's own autoscalers: one that scales nothing, one whose range is empty.
 * @param exists whether a workload outside the plan is in the cluster
 */
export async function autoscalerChecks(
  target: Target,
  autoscalers: readonly Autoscaler[],
  exists: (ref: ObjectRef) => Promise<boolean>,
): Promise<Check[]> {
  const { cluster, namespace } = target;
  const checks: Check[] = [];
  for (const { name, scales, min, max } of autoscalers.filter(({ planned }) => planned)) {
    const facts = { cluster, autoscaler: name, object: `${scales.kind} ${scales.name}`, min, max };
    if (min > max) {
      const message = `${cluster}: autoscaler ${name}: at least ${min}, at most ${max}`;
      checks.push({ code: "AUTOSCALER_RANGE", state: "warning", message, facts });
    }
    const here = target.objects.some(({ manifest }) => objectName(manifest) === facts.object);
    if (!here && !(await exists({ ...scales, namespace }))) {
      const message = `${cluster}: autoscaler ${name} scales ${facts.object}, which does not exist`;
      checks.push({ code: "AUTOSCALER_TARGET_MISSING", state: "warning", message, facts });
    }
  }
  return checks;
}
