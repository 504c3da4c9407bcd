import type { Cluster } from "#lib/adapters/ports.ts";
import type { Tx } from "#lib/db.ts";
import { LABEL, MANAGER } from "#lib/plans/labels.ts";
import { namespaceExists } from "#lib/plans/look.ts";
import type { PHASES } from "#lib/strategies/schema.ts";
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
  return applyObjects(input, "apply");
}

/**
 * Writes the plan's objects of one phase: kind by kind in the plan's order, those of one kind side by side. With what is
 * written at once go the deletions; those of a component that comes later wait for `clean_up`: until then the old
 * version needs what it has.
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
  const done: Outcome = { done: true, detail: { objects } };
  return phase === "apply" ? pruneObjects(input, objects, (component) => !comesLater(plan, component)) : done;
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

/** Whether some of a component is written after `apply`. Pure. */
const comesLater = (plan: StepInput["plan"], component: string): boolean =>
  plan.objects.some((planned) => planned.component === component && planned.phase !== "apply");

/** Carries out the plan's deletions of the components that `due` names. */
export async function pruneObjects(
  { plan, client, signal }: StepInput,
  applied: readonly ObjectResult[],
  due: (component: string) => boolean,
): Promise<Outcome> {
  const objects = [...applied];
  for (const { ref, component } of plan.prune) {
    if (!due(component)) continue;
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

async function ensureNamespace(input: StepInput): Promise<void> {
  const { run, plan, client, signal } = input;
  if (!plan.createNamespace || hasBeenSeen(input)) return;
  if (await namespaceExists(client, plan.namespace, signal)) return;
  const labels = {
    [LABEL.managedBy]: MANAGER,
    [LABEL.project]: run.project.key,
    [LABEL.environment]: run.environment.key,
  };
  await client.createNamespace(plan.namespace, labels, { signal });
}

/** The dry run was just now, and the cluster knew the objects' namespace. Pure. */
const hasBeenSeen = ({ target, begunAt }: StepInput): boolean =>
  begunAt !== undefined &&
  target.steps.some(
    ({ name, state, detail }) => name === "dry_run" && state === "succeeded" && detail?.objects,
  );

/** Written before anything is applied: what was applied just before a crash is still known to the next plan. */
export async function takeInventory(tx: Tx, run: Run, plan: StepInput["plan"]): Promise<void> {
  const objects = [...plan.objects, ...plan.canaries].map(
    ({ component, manifest: { apiVersion, kind, metadata } }) => ({
      component,
      apiVersion,
      kind,
      name: metadata.name,
    }),
  );
  await tx.$executeRaw`
    INSERT INTO "InventoryObject" ("targetId", "componentId", "apiVersion", kind, name, "deploymentId")
    SELECT ${plan.targetId}::uuid, component.id, object."apiVersion", object.kind, object.name, ${run.id}::uuid
    FROM jsonb_to_recordset(${JSON.stringify(objects)}::jsonb)
      AS object (component text, "apiVersion" text, kind text, name text)
    JOIN "Component" component ON component."projectId" = ${run.project.id}::uuid AND component.key = object.component
    ORDER BY object."apiVersion", object.kind, object.name
    ON CONFLICT ("targetId", "apiVersion", kind, name) DO UPDATE
    SET "componentId" = excluded."componentId", "deploymentId" = excluded."deploymentId", "appliedAt" = now()`;
}

/** Deletes only what is still ours: somebody may have taken the name over since. */
export async function prune(
  client: Cluster,
  ref: { apiVersion: string; kind: string; namespace: string; name: string },
  component: string,
  signal: AbortSignal,
  propagation: "background" | "foreground" = "background",
): Promise<"deleted" | "gone"> {
  const live = await client.get(ref, { signal });
  const labels = live?.metadata.labels ?? {};
  if (labels[LABEL.managedBy] !== MANAGER || labels[LABEL.component] !== component) return "gone";
  // On its way already: it stands until its pods are gone.
  if (live?.metadata.deletionTimestamp) return "deleted";
  return (await client.remove(ref, { signal, propagation })) ? "deleted" : "gone";
}
