import type { Manifest } from "#lib/adapters/ports.ts";
import type { PlanManifests } from "#lib/plans/content.ts";
import { ANNOTATION } from "#lib/plans/labels.ts";
import { withoutQuotes } from "#lib/plans/secret-values.ts";
import type { CauseInput, StepDetail } from "../content.ts";
import { conflictCause, refusalCause } from "./dry-run.ts";
import { objectName, type StepInput } from "./outcome.ts";
import { fillSecret } from "./secrets.ts";
import { applyAllowed } from "./take-over.ts";

export type PlannedObject = PlanManifests["targets"][number]["objects"][number];
export type ObjectResult = NonNullable<StepDetail["objects"]>[number];
export type Applied = { result?: ObjectResult; failed?: CauseInput };

/**
 * Puts one object in place. One that already names this deployment, plan and attempt was applied before a crash and is
 * not touched again.
 * @param also further annotations that must be there for it to count as applied
 * @throws AdapterError when trying again may help
 */
export async function applyObject(
  input: StepInput,
  planned: PlannedObject,
  also: Readonly<Record<string, string>> = {},
): Promise<Applied> {
  const { run, plan, client, signal, step } = input;
  const object = objectName(planned.manifest);
  const marks: Record<string, string> = {
    [ANNOTATION.deployment]: run.id,
    [ANNOTATION.plan]: run.plan.digest,
    [ANNOTATION.attempt]: String(step.attempt),
    ...also,
  };
  const marked = withMarks(planned.manifest, marks);
  try {
    const live = isFresh(input) ? null : await client.get(refOf(marked), { signal });
    if (live && bearsMarks(live, marks)) {
      // What it took over is ours since: the plan says which fields those were.
      return { result: { object, result: "already", ...generationOf(live), ...fieldsOf(planned.takeOver) } };
    }
    const filled = await fillSecret(run, planned, marked);
    if (!filled.ok) return { failed: filled.cause };
    const outcome = await applyAllowed(client, filled.manifest, planned.takeOver, { signal });
    if (!outcome.ok) {
      const failed = conflictCause(plan.cluster, object, outcome.conflicts);
      return { failed, result: { object, result: "refused" } };
    }
    const result = outcome.taken.length > 0 ? ("taken_over" as const) : ("applied" as const);
    return { result: { object, result, ...generationOf(outcome.object), ...fieldsOf(outcome.taken) } };
  } catch (error) {
    const failed = refusalCause(plan.cluster, object, withoutQuotes(marked.kind, error));
    return { failed, result: { object, result: "refused" } };
  }
}

/** A third of a lease: so soon after this worker has begun the step, no other can have taken it over. */
const FRESH_MS = 5_000;
const isFresh = ({ begunAt }: StepInput): boolean =>
  begunAt !== undefined && performance.now() - begunAt < FRESH_MS;

const fieldsOf = (fields: ObjectResult["fields"]) => (fields && fields.length > 0 ? { fields } : {});

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

function withMarks(manifest: PlannedObject["manifest"], marks: Record<string, string>): Manifest {
  const annotations = { ...manifest.metadata.annotations, ...marks };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}

const bearsMarks = ({ metadata: { annotations } }: Manifest, marks: Record<string, string>): boolean =>
  Object.entries(marks).every(([name, value]) => annotations?.[name] === value);
