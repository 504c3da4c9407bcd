import type { Cluster } from "#lib/adapters/ports.ts";
import { AdapterError } from "#lib/errors.ts";
import { namespaceExists } from "#lib/plans/look.ts";
import { withoutQuotes } from "#lib/plans/secret-values.ts";
import type { Run } from "../run.ts";
import { type Outcome, objectName, type StepInput } from "./outcome.ts";
import { fillSecret } from "./secrets.ts";
import { sideBySide } from "./side-by-side.ts";
import { applyAllowed } from "./take-over.ts";

/** How many objects the cluster is asked about at the same time. */
const AT_ONCE = 6;

/** Asks the cluster about every object once more, before the first one is touched. */
export async function dryRun({ run, plan, client, signal }: StepInput): Promise<Outcome> {
  const { cluster, namespace } = plan;
  const canaries = plan.canaries.map((planned) => ({ ...planned, phase: "apply" as const, takeOver: [] }));
  // Side by side: without the namespace every object is refused, and nothing else is said of them.
  const [exists, seen] = await Promise.all([
    namespaceExists(client, namespace, signal),
    sideBySide(
      [...plan.objects, ...canaries],
      AT_ONCE,
      (planned) => check({ run, cluster, planned, client, signal }),
      ({ failed }) => failed !== undefined,
    ),
  ]);
  if (!exists) {
    if (plan.createNamespace)
      return { done: true, detail: { note: `namespace ${namespace} will be created` } };
    const message = `${cluster} has no namespace ${namespace}`;
    return { failed: { code: "NAMESPACE_MISSING", message, facts: { cluster, namespace } } };
  }
  const objects = seen.map(({ result }) => result);
  const failed = seen.find((one) => one.failed)?.failed;
  return failed ? { failed, detail: { objects } } : { done: true, detail: { objects } };
}

async function check(input: {
  run: Run;
  cluster: string;
  planned: StepInput["plan"]["objects"][number];
  client: Cluster;
  signal: AbortSignal;
}) {
  const { run, cluster, planned, client, signal } = input;
  const { manifest, takeOver } = planned;
  const object = objectName(manifest);
  const refused = { object, result: "refused" as const };
  try {
    const filled = await fillSecret(run, planned, manifest);
    if (!filled.ok) return { failed: filled.cause, result: refused };
    const outcome = await applyAllowed(client, filled.manifest, takeOver, { dryRun: true, signal });
    if (outcome.ok) return { result: { object, result: "checked" as const } };
    return { failed: conflictCause(cluster, object, outcome.conflicts), result: refused };
  } catch (error) {
    return { failed: refusalCause(cluster, object, withoutQuotes(manifest.kind, error)), result: refused };
  }
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
