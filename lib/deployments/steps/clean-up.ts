import type { Cluster } from "#lib/adapters/ports.ts";
import { db } from "#lib/db.ts";
import { planOf, type Run, type TargetRun } from "../run.ts";
import { prune, pruneObjects } from "./apply.ts";
import { refusalCause } from "./dry-run.ts";
import { lookAgain, type Outcome, type StepInput } from "./outcome.ts";

type Plan = StepInput["plan"];

/**
 * Takes away what nobody needs any more: the canaries, until their pods are gone, and what the plan deletes of the
 * components that came in phases. What the traffic was switched from goes only after the new version was verified.
 */
export async function cleanUp(input: StepInput): Promise<Outcome> {
  const { run, target, plan, client, signal } = input;
  const objects = [];
  for (const { component, manifest } of plan.canaries) {
    signal.throwIfAborted();
    const object = `${manifest.kind} ${manifest.metadata.name}`;
    const { apiVersion, kind, metadata } = manifest;
    const ref = { apiVersion, kind, name: metadata.name, namespace: plan.namespace };
    try {
      objects.push({ object, result: await prune(client, ref, component, signal, "foreground") });
      if (await client.get(ref, { signal })) return { wait: lookAgain(input) };
    } catch (error) {
      return { failed: refusalCause(plan.cluster, object, error), detail: { objects } };
    }
  }
  await forget(run, plan, plan.canaries);
  const verified = isVerified(target);
  const inPhase = (phase: string) => (component: string) =>
    plan.objects.some((planned) => planned.component === component && planned.phase === phase);
  const [promoted, switched] = [inPhase("promote"), inPhase("switch")];
  return pruneObjects(input, objects, (component) => (switched(component) ? verified : promoted(component)));
}

/** Whether the new version was found good on a target: from then on nothing is taken back. */
export const isVerified = (target: Pick<TargetRun, "steps">): boolean =>
  target.steps.some(({ name, state }) => name === "verify" && state === "succeeded");

/** Takes the canaries of a target out of the traffic without waiting for their pods to end. Done again it does nothing. */
export async function removeCanaries(
  run: Run,
  target: TargetRun,
  client: Cluster,
  signal: AbortSignal,
): Promise<void> {
  const plan = planOf(run, target);
  await removeObjects(run, plan, plan.canaries, client, signal);
}

/** Deletes objects of a plan that are still ours, and forgets them. */
export async function removeObjects(
  run: Run,
  plan: Plan,
  objects: Plan["canaries"],
  client: Cluster,
  signal: AbortSignal,
): Promise<void> {
  for (const { component, manifest } of objects) {
    const { apiVersion, kind, metadata } = manifest;
    const ref = { apiVersion, kind, name: metadata.name, namespace: plan.namespace };
    await prune(client, ref, component, signal);
  }
  await forget(run, plan, objects);
}

/** What is deleted leaves the inventory, unless a later deployment has put it there again. */
async function forget(run: Run, { targetId }: Plan, objects: Plan["canaries"]): Promise<void> {
  if (objects.length === 0) return;
  await db.inventoryObject.deleteMany({
    where: {
      targetId,
      deploymentId: run.id,
      OR: objects.map(({ manifest: { apiVersion, kind, metadata } }) => ({
        apiVersion,
        kind,
        name: metadata.name,
      })),
    },
  });
}
