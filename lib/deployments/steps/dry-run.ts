import { AdapterError } from "#lib/errors.ts";
import { namespaceExists } from "#lib/plans/look.ts";
import type { StepDetail } from "../content.ts";
import { type Outcome, objectName, type StepInput } from "./outcome.ts";

/** Asks the cluster about every object once more, before the first one is touched. */
export async function dryRun({ plan, client, signal }: StepInput): Promise<Outcome> {
  const { cluster, namespace } = plan;
  if (!(await namespaceExists(client, namespace, signal))) {
    if (plan.createNamespace)
      return { done: true, detail: { note: `namespace ${namespace} will be created` } };
    const message = `${cluster} has no namespace ${namespace}`;
    return { failed: { code: "NAMESPACE_MISSING", message, facts: { cluster, namespace } } };
  }
  const objects: NonNullable<StepDetail["objects"]> = [];
  for (const { manifest } of plan.objects) {
    const object = objectName(manifest);
    try {
      const outcome = await client.apply(manifest, { dryRun: true, signal });
      if (!outcome.ok)
        return { failed: conflictCause(cluster, object, outcome.conflicts), detail: { objects } };
      objects.push({ object, result: "checked" });
    } catch (error) {
      const failed = refusalCause(cluster, object, error);
      return { failed, detail: { objects: [...objects, { object, result: "refused" }] } };
    }
  }
  return { done: true, detail: { objects } };
}

export const conflictCause = (
  cluster: string,
  object: string,
  conflicts: readonly { field: string; manager: string }[],
) => {
  const [first] = conflicts;
  const facts = { cluster, object, field: first?.field ?? "", manager: first?.manager ?? "" };
  return {
    code: "FIELD_CONFLICT",
    message: `${object}: ${facts.field} is owned by ${facts.manager}`,
    facts,
    evidence: conflicts.map(({ field, manager }) => ({
      source: "status" as const,
      text: `${field} is owned by ${manager}`,
      at: null,
    })),
  };
};

/** A refusal that trying again would not change. @throws the error itself when it may pass */
export function refusalCause(cluster: string, object: string, error: unknown) {
  if (!(error instanceof AdapterError) || error.retryable) throw error;
  return {
    code:
      error.failure === "forbidden" || error.failure === "unauthorized"
        ? "CLUSTER_FORBIDDEN"
        : "OBJECT_REFUSED",
    message: `${cluster} refuses ${object}: ${error.message}`,
    facts: { cluster, object, reason: error.message },
  };
}
