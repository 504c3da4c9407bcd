import { z } from "zod";
import type { Cluster, ObjectRef } from "#lib/adapters/ports.ts";
import { AdapterError, AppError } from "#lib/errors.ts";

const autoscalerSchema = z.looseObject({
  spec: z.looseObject({
    scaleTargetRef: z.looseObject({ kind: z.string(), name: z.string() }),
    minReplicas: z.number().nullish(),
    maxReplicas: z.number(),
  }),
});

/**
 * An autoscaler sets back within seconds what a person sets: its limits are what can be changed. An account that may not
 * read autoscalers cannot know, and goes on.
 * @throws AppError BLOCKED (`AUTOSCALED`) with the autoscaler's name and limits
 */
export async function refuseAutoscaled(client: Cluster, ref: ObjectRef): Promise<void> {
  const { namespace } = ref;
  const kind = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", namespace };
  const found = await client.list(kind).catch((error: unknown) => {
    if (error instanceof AdapterError && ["forbidden", "missing"].includes(error.failure))
      return { items: [] };
    throw error;
  });
  for (const item of found.items) {
    const spec = autoscalerSchema.safeParse(item).data?.spec;
    if (spec?.scaleTargetRef.kind !== ref.kind || spec.scaleTargetRef.name !== ref.name) continue;
    const autoscaler = item.metadata.name;
    const facts = { autoscaler, name: ref.name, least: spec.minReplicas ?? 1, most: spec.maxReplicas };
    const message = `${ref.kind} ${ref.name} is scaled by the autoscaler ${autoscaler}`;
    throw new AppError("BLOCKED", message, {
      blockers: [{ code: "AUTOSCALED", message, facts, liftedBy: [] }],
    });
  }
}
