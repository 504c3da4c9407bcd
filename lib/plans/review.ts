import { db } from "#lib/db.ts";
import { attributionsOf, type CauseOf, type Comparison, originTable } from "./attribution.ts";
import type { BuiltPlan } from "./build.ts";
import { objectName } from "./choices.ts";
import { type PlanInputs, type PlanReview, planInputsSchema } from "./content.ts";
import { diffObjects, type OriginOf } from "./diff.ts";
import { leavesOf } from "./field-path.ts";
import { imageRegistries } from "./image-registry.ts";
import { ANNOTATION } from "./labels.ts";
import { type Found, lookAtImages, lookAtTarget } from "./look.ts";
import type { FoundConflict, FoundObject } from "./look-object.ts";
import { droppedFields, otherOwners } from "./managed-fields.ts";
import { reviewObject } from "./normalize.ts";
import { type Side, sidesOf } from "./sides.ts";

type Place = { projectId: string; environmentId: string };
type ObjectReview = PlanReview["targets"][number]["objects"][number];
/** A field that was left to somebody else: what is planned no longer shows it. */
export type LeftField = FoundConflict & { cluster: string; namespace: string; object: string };

/** What the targets of a plan answer, all at the same time. */
export async function lookAtTargets(
  targets: BuiltPlan["manifests"]["targets"],
  place: Place,
): Promise<Found[]> {
  const rows = await db.target.findMany({
    where: { id: { in: targets.map(({ targetId }) => targetId) } },
    select: { id: true, clusterId: true },
  });
  return Promise.all(
    targets.map((target) =>
      lookAtTarget(target, rows.find(({ id }) => id === target.targetId)?.clusterId ?? "", place),
    ),
  );
}

/**
 * What the world says to a plan: registries and clusters, and where each change comes from.
 * @param notThere components whose images are on their way to the environment's registry: nobody looks for them
 */
export async function reviewOf(
  built: BuiltPlan,
  place: Place,
  { left, notThere }: { left: readonly LeftField[]; notThere: readonly string[] },
): Promise<PlanReview> {
  const { inputs, manifests } = built;
  const there = inputs.images.filter(({ component }) => !notThere.includes(component));
  const [images, targets] = await Promise.all([
    lookAtImages(there, await imageRegistries(db, place.projectId)),
    lookAtTargets(manifests.targets, place),
  ]);
  const table = originTable();
  const causes = await attributions(inputs, place, targets);
  return {
    targets: targets.map((target) => {
      const { cluster, namespace, wave, reachable, namespaceExists } = target;
      const objects = target.objects.map((object): ObjectReview => {
        const own = left.filter(
          (field) =>
            field.cluster === cluster &&
            field.namespace === namespace &&
            field.object === objectName(object.manifest),
        );
        const conflicts = own.map(({ cluster: _c, namespace: _n, object: _o, ...conflict }) => conflict);
        const all = { ...object, conflicts: [...object.conflicts, ...conflicts] };
        return reviewedObject(all, causes(target, object), table);
      });
      return { cluster, namespace, wave, reachable, namespaceExists, objects };
    }),
    checks: [...built.checks, ...images.checks, ...targets.flatMap(({ checks }) => checks)],
    blockers: [...built.blockers, ...images.blockers, ...targets.flatMap(({ blockers }) => blockers)],
    origins: table.origins,
  };
}

function reviewedObject(
  found: FoundObject,
  causeOf: CauseOf | null,
  table: ReturnType<typeof originTable>,
): ObjectReview {
  const { component, manifest, live, after, secretVersions, pruned } = found;
  const { apiVersion, kind, metadata } = manifest;
  const name = objectName(manifest);
  const planned = pruned ? null : leavesOf(manifest);
  const originOf: OriginOf = (field) => {
    if (!causeOf) return { source: null, origin: null };
    const cause = causeOf(name, field, planned);
    if (cause) return table.add(cause);
    return table.add({ source: "cluster", manager: (live && otherOwners(live, field)[0]) ?? null });
  };
  // What the cluster did not say about a new object is what the manifest says.
  const next = after ?? (live || pruned ? null : manifest);
  const diff = diffObjects(live && reviewObject(live), next && reviewObject(next, secretVersions), originOf);
  const unknown = live !== null && after === null && !pruned;
  const changed = diff.added + diff.removed > 0;
  const change = pruned ? "delete" : !live ? "create" : unknown || changed ? "change" : "unchanged";
  // What is in dispute is decided about where it stands, even if nothing else changes.
  const nothing = unknown || (change === "unchanged" && found.conflicts.length === 0);
  return {
    component,
    apiVersion,
    kind,
    name: metadata.name,
    change,
    diff: nothing ? [] : diff.lines,
    fields: nothing ? [] : diff.fields,
    added: nothing ? 0 : diff.added,
    removed: nothing ? 0 : diff.removed,
    warnings: found.warnings,
    conflicts: found.conflicts.map((conflict) => ({
      ...conflict,
      line: nothing ? null : diff.lineOf(conflict.field),
    })),
    dropped: live && after && kind !== "Secret" ? droppedFields(live, after) : [],
  };
}

/** For each object of each target what tells where its changes come from; each comparison is made once. */
async function attributions(
  inputs: PlanInputs,
  place: Place,
  targets: readonly Found[],
): Promise<(target: Found, object: FoundObject) => CauseOf | null> {
  const project = await db.project.findUniqueOrThrow({
    where: { id: place.projectId },
    select: { key: true },
  });
  const now = await sidesOf(db, inputs, place);
  const plans = await plansNamed(targets, place);
  const sides = new Map<string, Map<string, Side>>();
  for (const [digest, { inputs: then }] of plans) sides.set(digest, await sidesOf(db, then, place));
  const baselineOf = (target: Found, object: FoundObject): string => {
    const own = object.live && planOf(object.live);
    if (own && plans.has(own)) return own;
    if (object.live) return "";
    // It is not there: what its component was last deployed from tells whether it ever was.
    const [newest] = target.objects
      .filter(({ component, live }) => component === object.component && live)
      .flatMap(({ live }) => (live && planOf(live)) ?? [])
      .filter((digest) => plans.has(digest))
      .sort((a, b) => (plans.get(b)?.at ?? 0) - (plans.get(a)?.at ?? 0));
    return newest ?? "";
  };
  const keyOf = (target: Found, object: FoundObject) =>
    JSON.stringify([object.component, baselineOf(target, object)]);
  const wanted = new Map<string, Comparison>();
  for (const target of targets) {
    for (const object of target.objects) {
      const key = keyOf(target, object);
      const side = now.get(object.component);
      if (wanted.has(key) || !side) continue;
      const { cluster, namespace } = target;
      wanted.set(key, {
        place: { project: project.key, environment: inputs.environment, cluster, namespace },
        now: side,
        before: sides.get(baselineOf(target, object))?.get(object.component) ?? null,
      });
    }
  }
  const made = await attributionsOf([...wanted.values()]);
  const byKey = new Map([...wanted.keys()].map((key, index) => [key, made[index] ?? null]));
  return (target, object) => byKey.get(keyOf(target, object)) ?? null;
}

const planOf = (live: FoundObject["manifest"]): string | undefined =>
  live.metadata.annotations?.[ANNOTATION.plan];

/** The plans of this environment that the live objects say they come from. */
async function plansNamed(targets: readonly Found[], place: Place) {
  const digests = new Set(
    targets.flatMap(({ objects }) => objects.flatMap(({ live }) => (live && planOf(live)) ?? [])),
  );
  const rows = await db.plan.findMany({
    where: {
      digest: { in: [...digests] },
      projectId: place.projectId,
      environmentId: place.environmentId,
    },
    select: { digest: true, inputs: true, computedAt: true },
  });
  return new Map(
    rows.map(({ digest, inputs, computedAt }) => [
      digest,
      { inputs: planInputsSchema.parse(inputs), at: computedAt.getTime() },
    ]),
  );
}
