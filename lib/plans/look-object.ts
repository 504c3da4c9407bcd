import type { Cluster, FieldConflict, Manifest } from "#lib/adapters/ports.ts";
import { AdapterError } from "#lib/errors.ts";
import { undecided } from "./choices.ts";
import type { PlanManifests, PlanReview } from "./content.ts";
import { fieldValue, valueText, withoutField } from "./field-path.ts";
import { lastWrote } from "./managed-fields.ts";
import { NOT_KEPT, withoutQuotes } from "./secret-values.ts";

type PlannedObject = PlanManifests["targets"][number]["objects"][number];
export type FoundConflict = PlanReview["targets"][number]["objects"][number]["conflicts"][number];
/** One object as it stands in a cluster and as it would be; `after` null: it goes, or the cluster did not say. */
export type FoundObject = {
  component: string;
  manifest: Manifest;
  secretVersions?: Record<string, number>;
  live: Manifest | null;
  after: Manifest | null;
  pruned: boolean;
  warnings: string[];
  conflicts: FoundConflict[];
  /** Why the cluster would not take it. */
  refused: { code: "DRY_RUN_REFUSED" | "KIND_UNKNOWN"; reason: string } | null;
};

/** The cluster answered, but not to this object: the reader wants to know which one. */
const isAboutObject = (error: unknown): error is AdapterError =>
  error instanceof AdapterError && ["invalid", "forbidden", "missing", "conflict"].includes(error.failure);

const isUnknownKind = ({ failure, details }: AdapterError): boolean =>
  failure === "missing" &&
  typeof details === "object" &&
  details !== null &&
  Reflect.get(details, "missing") === "kind";

/**
 * Asks a cluster what applying one object would come to, without storing anything. Fields of others are forced in the
 * dry run only when all of them were taken over; those that nobody decided about are left out of it, so that the rest is
 * shown all the same.
 * @param fill puts the values of a Secret in: without them the server does not see which of them are somebody else's.
 * They are sent and not kept, and neither is what the cluster says about them
 */
export async function lookAtObject(
  client: Pick<Cluster, "get" | "apply">,
  planned: PlannedObject,
  namespaceThere: boolean,
  signal: AbortSignal,
  fill: (planned: PlannedObject) => Promise<Manifest> = async ({ manifest }) => manifest,
): Promise<FoundObject> {
  const { component, manifest, secretVersions, takeOver } = planned;
  const found: FoundObject = {
    component,
    manifest,
    secretVersions,
    live: null,
    after: null,
    pruned: false,
    warnings: [],
    conflicts: [],
    refused: null,
  };
  if (!namespaceThere) return { ...found, after: manifest };
  try {
    const { apiVersion, kind, metadata } = manifest;
    const ref = { apiVersion, kind, name: metadata.name, namespace: metadata.namespace };
    found.live = await client.get(ref, { signal });
    const sent = await fill(planned);
    const warned = (warnings: string[]) =>
      kind === "Secret" && warnings.length > 0 ? [`a warning; ${NOT_KEPT}`] : warnings;
    const outcome = await client.apply(sent, { dryRun: true, signal });
    if (outcome.ok) return { ...found, after: outcome.object, warnings: warned(outcome.warnings) };
    const open = undecided(outcome.conflicts, takeOver);
    found.conflicts = outcome.conflicts.map((conflict) => ({
      ...conflict,
      since: found.live && lastWrote(found.live, conflict.field, conflict.manager),
      line: null,
      ...sidesOf(conflict, manifest, found.live),
      autoscaler: null,
      choice: open.includes(conflict) ? null : "take_over",
    }));
    const rest = open.reduce((left, { field }) => withoutField(left, field), sent);
    const force = outcome.conflicts.length > open.length;
    const again = await client.apply(rest, { dryRun: true, force, signal });
    return again.ok ? { ...found, after: again.object, warnings: warned(again.warnings) } : found;
  } catch (thrown) {
    const error = withoutQuotes(manifest.kind, thrown);
    if (!isAboutObject(error)) throw error;
    // Why it cannot do without the fields in dispute is no news while they are in dispute.
    if (found.conflicts.some(({ choice }) => choice === null)) return found;
    const code = isUnknownKind(error) ? "KIND_UNKNOWN" : "DRY_RUN_REFUSED";
    return { ...found, refused: { code, reason: error.message } };
  }
}

function sidesOf({ field }: FieldConflict, manifest: Manifest, live: Manifest | null) {
  const shown = (object: Manifest | null) => {
    const value = object && fieldValue(object, field);
    return value === undefined || value === null ? null : valueText(value);
  };
  // Whose values they are does not matter: those of a Secret are nobody's to read.
  return manifest.kind === "Secret"
    ? { ours: null, theirs: null }
    : { ours: shown(manifest), theirs: shown(live) };
}
