import type { Cluster, Manifest } from "#lib/adapters/ports.ts";
import { db } from "#lib/db.ts";
import type { PlanManifests } from "#lib/plans/content.ts";
import { ANNOTATION, LABEL, MANAGER } from "#lib/plans/labels.ts";
import { namespaceExists } from "#lib/plans/look.ts";
import type { StepDetail } from "../content.ts";
import type { Run } from "../run.ts";
import { conflictCause, refusalCause } from "./dry-run.ts";
import { type Outcome, objectName, type StepInput } from "./outcome.ts";
import { fillSecret } from "./secrets.ts";

type PlannedObject = PlanManifests["targets"][number]["objects"][number];
type Results = NonNullable<StepDetail["objects"]>;

/**
 * Applies the plan's objects in order, then deletes what it lists as deletions. An object that already names this
 * deployment, plan and attempt was applied before a crash and is not touched again.
 */
export async function apply(input: StepInput): Promise<Outcome> {
  const { run, plan, client, signal } = input;
  await ensureNamespace(input);
  // Written first: what was applied just before a crash is still known to the next plan.
  await takeInventory(run, plan);
  const objects: Results = [];
  for (const planned of plan.objects) {
    signal.throwIfAborted();
    const object = objectName(planned.manifest);
    const marks = marksOf(run, input.step.attempt);
    const marked = withMarks(planned.manifest, marks);
    try {
      const live = await client.get(refOf(marked), { signal });
      if (live && bearsMarks(live, marks)) {
        objects.push({ object, result: "already", ...generationOf(live) });
        continue;
      }
      const filled = await fillSecret(run, planned, marked);
      if (!filled.ok) return { failed: filled.cause, detail: { objects } };
      const outcome = await client.apply(filled.manifest, { signal });
      if (!outcome.ok) {
        const refused: Results = [...objects, { object, result: "refused" }];
        return {
          failed: conflictCause(plan.cluster, object, outcome.conflicts),
          detail: { objects: refused },
        };
      }
      objects.push({ object, result: "applied", ...generationOf(outcome.object) });
    } catch (error) {
      const failed = refusalCause(plan.cluster, object, error);
      return { failed, detail: { objects: [...objects, { object, result: "refused" }] } };
    }
  }
  for (const { ref, component } of plan.prune) {
    signal.throwIfAborted();
    const object = `${ref.kind} ${ref.name}`;
    try {
      objects.push({
        object,
        result: await prune(client, { ...ref, namespace: plan.namespace }, component, signal),
      });
    } catch (error) {
      return { failed: refusalCause(plan.cluster, object, error), detail: { objects } };
    }
  }
  return { done: true, detail: { objects } };
}

const refOf = ({ apiVersion, kind, metadata }: Manifest) => ({
  apiVersion,
  kind,
  name: metadata.name,
  namespace: metadata.namespace,
});

function generationOf(object: Manifest): { generation?: number } {
  const { generation } = object.metadata;
  return typeof generation === "number" ? { generation } : {};
}

/** Says in the object which attempt of which deployment of which plan put it there. */
const marksOf = (run: Run, attempt: number): Record<string, string> => ({
  [ANNOTATION.deployment]: run.id,
  [ANNOTATION.plan]: run.plan.digest,
  [ANNOTATION.attempt]: String(attempt),
});

function withMarks(manifest: PlannedObject["manifest"], marks: Record<string, string>): Manifest {
  const annotations = { ...manifest.metadata.annotations, ...marks };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}

const bearsMarks = ({ metadata: { annotations } }: Manifest, marks: Record<string, string>): boolean =>
  Object.entries(marks).every(([name, value]) => annotations?.[name] === value);

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
