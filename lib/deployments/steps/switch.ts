import { z } from "zod";
import { db } from "#lib/db.ts";
import { whatRuns } from "#lib/strategies/running.ts";
import { deploymentSpec, type Manifest } from "#lib/strategies/shapes.ts";
import { applyObjects } from "./apply.ts";
import type { PlannedObject } from "./apply-object.ts";
import { lookAtWorkloads } from "./look.ts";
import { lookAgain, type Outcome, type StepInput } from "./outcome.ts";
import { causeOf } from "./roll-out.ts";

const liveSchema = z.looseObject({ spec: z.looseObject({ replicas: z.number().int().optional() }) });

/**
 * Turns the traffic to the version that is up beside the old one. Where an autoscaler says how many pods there are, the
 * new version is first made as large as the old one is now.
 */
export async function switchTraffic(input: StepInput): Promise<Outcome> {
  const grown = await growToOld(input);
  if (grown) return grown;
  return applyObjects(input, "switch");
}

async function growToOld(input: StepInput): Promise<Outcome | null> {
  const { plan } = input;
  const switched = new Set(
    plan.objects.filter(({ phase }) => phase === "switch").map(({ component }) => component),
  );
  const scaled = plan.objects.filter(
    ({ component, manifest }) =>
      switched.has(component) && deploymentSpec(manifest) && deploymentSpec(manifest)?.replicas === undefined,
  );
  if (scaled.length === 0) return null;
  const before = await whatRuns(db, { targetIds: [plan.targetId], components: [...switched] });
  for (const planned of scaled) {
    const running = before.find(({ component }) => component === planned.component);
    await grow(
      input,
      planned,
      (running?.manifests ?? []).filter((manifest) => deploymentSpec(manifest)),
    );
  }
  const progress = await lookAtWorkloads({ ...input, plan: { ...plan, objects: scaled } });
  const failed = progress.find(({ state }) => state === "failed");
  if (failed) return { failed: await causeOf(failed, input), progress };
  return progress.every(({ state }) => state === "healthy") ? null : { wait: lookAgain(input), progress };
}

async function grow(input: StepInput, { manifest }: PlannedObject, before: readonly Manifest[]) {
  const { client, plan, signal } = input;
  const ref = ({ apiVersion, kind, metadata }: Manifest) => ({
    apiVersion,
    kind,
    name: metadata.name,
    namespace: plan.namespace,
  });
  const sizeOf = async (one: Manifest) =>
    liveSchema.safeParse(await client.get(ref(one), { signal })).data?.spec.replicas ?? 0;
  const others = before.filter(({ metadata }) => metadata.name !== manifest.metadata.name);
  const wanted = Math.max(0, ...(await Promise.all(others.map(sizeOf))));
  if ((await sizeOf(manifest)) < wanted) await client.scale(ref(manifest), wanted, { signal });
}
