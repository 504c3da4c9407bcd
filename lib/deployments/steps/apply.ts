import type { Cluster } from "#lib/adapters/ports.ts";
import { db } from "#lib/db.ts";
import { LABEL, MANAGER } from "#lib/plans/labels.ts";
import { namespaceExists } from "#lib/plans/look.ts";
import { PHASES } from "#lib/strategies/schema.ts";
import type { Run } from "../run.ts";
import { applyObject, type ObjectResult, type PlannedObject } from "./apply-object.ts";
import { refusalCause } from "./dry-run.ts";
import type { Outcome, StepInput } from "./outcome.ts";
import { sideBySide } from "./side-by-side.ts";

/** How many objects of one kind are written at the same time. */
const AT_ONCE = 6;
type Phase = (typeof PHASES)[number];

/** Makes the namespace where the plan allows it, and writes what the plan writes at once. */
export async function apply(input: StepInput): Promise<Outcome> {
  await ensureNamespace(input);
  // Written first: what was applied just before a crash is still known to the next plan.
  await takeInventory(input.run, input.plan);
  return applyObjects(input, "apply");
}

/**
 * Writes the plan's objects of one phase: kind by kind in the plan's order, those of one kind side by side. With the
 * last phase that the plan has, what it lists as deletions goes, too: until then the old version may need it.
 */
export async function applyObjects(input: StepInput, phase: Phase): Promise<Outcome> {
  const { plan, signal } = input;
  const objects: ObjectResult[] = [];
  for (const some of byKind(plan.objects.filter((planned) => planned.phase === phase))) {
    const applied = await sideBySide(
      some,
      AT_ONCE,
      (planned) => {
        signal.throwIfAborted();
        return applyObject(input, planned);
      },
      ({ failed }) => failed !== undefined,
    );
    objects.push(...applied.flatMap(({ result }) => result ?? []));
    const failed = applied.find((one) => one.failed)?.failed;
    if (failed) return { failed, detail: { objects } };
  }
  const last = PHASES.findLast((one) => plan.objects.some((planned) => planned.phase === one)) ?? "apply";
  return phase === last ? pruneObjects(input, objects) : { done: true, detail: { objects } };
}

/** The plan's order has the objects of one kind together. */
function byKind(objects: readonly PlannedObject[]): PlannedObject[][] {
  const groups: PlannedObject[][] = [];
  for (const planned of objects) {
    const group = groups.at(-1);
    if (group?.[0]?.manifest.kind === planned.manifest.kind) group.push(planned);
    else groups.push([planned]);
  }
  return groups;
}

async function pruneObjects({ plan, client, signal }: StepInput, applied: ObjectResult[]): Promise<Outcome> {
  const objects = [...applied];
  for (const { ref, component } of plan.prune) {
    signal.throwIfAborted();
    const object = `${ref.kind} ${ref.name}`;
    try {
      const result = await prune(client, { ...ref, namespace: plan.namespace }, component, signal);
      objects.push({ object, result });
    } catch (error) {
      return { failed: refusalCause(plan.cluster, object, error), detail: { objects } };
    }
  }
  return { done: true, detail: { objects } };
}

async function ensureNamespace({ run, plan, client, signal }: StepInput): Promise<void> {
  if (!plan.createNamespace || (await namespaceExists(client, plan.namespace, signal))) return;
  const labels = {
    [LABEL.managedBy]: MANAGER,
    [LABEL.project]: run.project.key,
    [LABEL.environment]: run.environment.key,
  };
  await client.createNamespace(plan.namespace, labels, { signal });
}

async function takeInventory(run: Run, plan: StepInput["plan"]): Promise<void> {
  const components = await db.component.findMany({
    where: { projectId: run.project.id, key: { in: plan.objects.map(({ component }) => component) } },
    select: { id: true, key: true },
  });
  await db.$transaction(
    plan.objects.flatMap(({ component, manifest }) => {
      const componentId = components.find(({ key }) => key === component)?.id;
      if (!componentId) return [];
      const { apiVersion, kind } = manifest;
      const id = { targetId: plan.targetId, apiVersion, kind, name: manifest.metadata.name };
      const written = { componentId, deploymentId: run.id };
      return db.inventoryObject.upsert({
        where: { targetId_apiVersion_kind_name: id },
        create: { ...id, ...written },
        update: { ...written, appliedAt: new Date() },
      });
    }),
  );
}

/** Deletes only what is still ours: somebody may have taken the name over since. */
async function prune(
  client: Cluster,
  ref: { apiVersion: string; kind: string; namespace: string; name: string },
  component: string,
  signal: AbortSignal,
): Promise<"deleted" | "gone"> {
  const live = await client.get(ref, { signal });
  const labels = live?.metadata.labels ?? {};
  if (labels[LABEL.managedBy] !== MANAGER || labels[LABEL.component] !== component) return "gone";
  return (await client.remove(ref, { signal })) ? "deleted" : "gone";
}
