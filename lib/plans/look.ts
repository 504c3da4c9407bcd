import type { z } from "zod";
import type { Cluster, Manifest } from "#lib/adapters/ports.ts";
import { connectCluster, connectRegistry } from "#lib/connections/connect.ts";
import { AdapterError, AppError, type Blocker } from "#lib/errors.ts";
import type { PlanInputs, PlanManifests, PlanReview, planObjectSchema } from "./content.ts";
import { diffTexts, type SourceFacts } from "./diff.ts";
import { parseImage } from "./image-name.ts";
import { reviewText } from "./normalize.ts";

type TargetPlan = PlanManifests["targets"][number];
type TargetReview = PlanReview["targets"][number];
type Check = PlanReview["checks"][number];
type ObjectReview = z.infer<typeof planObjectSchema>;
export type Seen = { review: TargetReview; checks: Check[]; blockers: Blocker[] };

const TARGET_TIMEOUT_MS = 30_000;
const AT_ONCE = 6;

/** Runs `work` over `items`, at most six at a time, keeping their order. */
async function mapSome<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))));
  }
  return results;
}

/** Whether an error is the other system's (told to the reader) and not a bug of ours (thrown on). */
export function upstreamMessage(error: unknown): string {
  if (error instanceof AdapterError || error instanceof AppError) return error.message;
  if (error instanceof DOMException && error.name === "TimeoutError") return "no answer in time";
  throw error;
}

/**
 * Asks a cluster what applying would change, object by object, without storing anything. A cluster that does not
 * answer is told as a blocker, so that the other targets' answers are still shown.
 */
export async function lookAtTarget(
  target: TargetPlan,
  clusterId: string,
  sources: (component: string) => SourceFacts,
): Promise<Seen> {
  const { cluster, namespace, wave } = target;
  const place = { cluster, namespace };
  const review: TargetReview = { ...place, wave, reachable: false, namespaceExists: false, objects: [] };
  const signal = AbortSignal.timeout(TARGET_TIMEOUT_MS);
  try {
    const client = await connectCluster(clusterId);
    const { gitVersion } = await client.version({ signal });
    const exists = await namespaceExists(client, namespace, signal);
    const checks: Check[] = [
      {
        code: "CLUSTER_REACHABLE",
        state: "ok",
        message: `${cluster} answers (${gitVersion})`,
        facts: { cluster, version: gitVersion },
      },
    ];
    const blockers: Blocker[] = [];
    if (!exists && target.createNamespace) {
      checks.push({
        code: "NAMESPACE_WILL_BE_CREATED",
        state: "warning",
        message: `${cluster}/${namespace} will be created`,
        facts: place,
      });
    } else if (!exists) {
      const message = `${cluster} has no namespace ${namespace}, and the target does not allow creating it`;
      blockers.push({ code: "NAMESPACE_MISSING", message, facts: place, liftedBy: ["owner", "admin"] });
    }
    const seen = await mapSome(target.objects, (object) =>
      lookAtObject(client, object, exists, sources(object.component), signal),
    );
    const pruned = await mapSome(target.prune, async ({ component, ref }) => {
      const live = exists ? await client.get({ ...ref, namespace }, { signal }) : null;
      return live ? deletion(component, live, sources(component)) : null;
    });
    const objects = [...seen.map(({ object }) => object), ...pruned.filter((object) => object !== null)];
    for (const { object, refused } of seen) blockers.push(...objectBlockers(object, refused, place));
    return { review: { ...review, reachable: true, namespaceExists: exists, objects }, checks, blockers };
  } catch (error) {
    const message = `${cluster} cannot be asked: ${upstreamMessage(error)}`;
    const facts = { ...place, reason: upstreamMessage(error) };
    return {
      review,
      checks: [{ code: "CLUSTER_REACHABLE", state: "failed", message, facts }],
      blockers: [{ code: "CLUSTER_UNREACHABLE", message, facts, liftedBy: ["admin", "system"] }],
    };
  }
}

/** An account that may not read namespaces still deploys: then the objects themselves tell. */
export async function namespaceExists(client: Cluster, name: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await client.get({ apiVersion: "v1", kind: "Namespace", name }, { signal })) !== null;
  } catch (error) {
    if (error instanceof AdapterError && error.failure === "forbidden") return true;
    throw error;
  }
}

async function lookAtObject(
  client: Cluster,
  { component, manifest, secretVersions }: TargetPlan["objects"][number],
  namespaceThere: boolean,
  sources: SourceFacts,
  signal: AbortSignal,
): Promise<{ object: ObjectReview; refused: string | null }> {
  const { apiVersion, kind, metadata } = manifest;
  const { name, namespace } = metadata;
  const base = { component, apiVersion, kind, name, warnings: [], conflicts: [] };
  const created = (after: string, warnings: string[] = []) => {
    const { lines, added, removed } = diffTexts("", after, sources);
    return { ...base, change: "create" as const, diff: lines, added, removed, warnings };
  };
  if (!namespaceThere) return { object: created(reviewText(manifest, secretVersions)), refused: null };
  const live = await client.get({ apiVersion, kind, name, namespace }, { signal });
  try {
    const outcome = await client.apply(manifest, { dryRun: true, signal });
    if (!outcome.ok) {
      return {
        object: { ...base, change: "change", diff: [], added: 0, removed: 0, conflicts: outcome.conflicts },
        refused: null,
      };
    }
    const after = reviewText(outcome.object, secretVersions);
    if (!live) return { object: created(after, outcome.warnings), refused: null };
    const { lines, added, removed } = diffTexts(reviewText(live), after, sources);
    const changed = added + removed > 0;
    const change = changed ? ("change" as const) : ("unchanged" as const);
    return {
      object: { ...base, change, diff: changed ? lines : [], added, removed, warnings: outcome.warnings },
      refused: null,
    };
  } catch (error) {
    // The cluster answered, but not to this object: the reader wants to know which one.
    if (
      !(error instanceof AdapterError) ||
      !["invalid", "forbidden", "missing", "conflict"].includes(error.failure)
    )
      throw error;
    const object = live
      ? { ...base, change: "change" as const, diff: [], added: 0, removed: 0 }
      : created(reviewText(manifest, secretVersions));
    return { object, refused: error.message };
  }
}

function deletion(component: string, live: Manifest, sources: SourceFacts): ObjectReview {
  const { lines, added, removed } = diffTexts(reviewText(live), "", sources);
  const { apiVersion, kind, metadata } = live;
  return {
    component,
    apiVersion,
    kind,
    name: metadata.name,
    change: "delete",
    diff: lines,
    added,
    removed,
    warnings: [],
    conflicts: [],
  };
}

function objectBlockers(
  object: ObjectReview,
  refused: string | null,
  place: { cluster: string; namespace: string },
): Blocker[] {
  const told = { ...place, component: object.component, object: `${object.kind} ${object.name}` };
  const conflicts = object.conflicts.map(({ field, manager }) => ({
    code: "FIELD_CONFLICT",
    message: `${place.cluster}: ${told.object}: ${field} is owned by ${manager}`,
    facts: { ...told, field, manager },
    liftedBy: ["ops"],
  }));
  if (refused === null) return conflicts;
  const message = `${place.cluster} refuses ${told.object}: ${refused}`;
  return [
    ...conflicts,
    { code: "DRY_RUN_REFUSED", message, facts: { ...told, reason: refused }, liftedBy: ["owner", "ops"] },
  ];
}

/** Whether the registry still has every image, by digest; and whether its tag was moved since. */
export async function lookAtImages(
  images: PlanInputs["images"],
  registryOf: (component: string) => string | undefined,
): Promise<{ checks: Check[]; blockers: Blocker[] }> {
  const seen = await mapSome(
    images,
    async ({ component, image, digest }): Promise<{ checks: Check[]; blockers: Blocker[] }> => {
      const facts = { component, image, digest };
      const failed = (code: string, message: string, liftedBy: string[]) => ({
        checks: [{ code: "IMAGE_IN_REGISTRY", state: "failed" as const, message, facts }],
        blockers: [{ code, message, facts, liftedBy }],
      });
      const registryId = registryOf(component);
      if (!registryId) return failed("IMAGE_MISSING", `${component} is gone from the catalog`, ["owner"]);
      try {
        const registry = await connectRegistry(registryId);
        const { path, tag } = parseImage(image);
        if ((await registry.resolve({ repository: path, reference: digest })) === null) {
          return failed("IMAGE_MISSING", `the registry no longer has ${image} as ${digest}`, [
            "developer",
            "ops",
            "owner",
          ]);
        }
        const now = tag ? await registry.resolve({ repository: path, reference: tag }) : digest;
        const checks: Check[] = [
          { code: "IMAGE_IN_REGISTRY", state: "ok", message: `${component}: ${digest} is there`, facts },
        ];
        if (now !== digest) {
          const message = `${component}: the tag points to ${now ?? "nothing"} now; the digest that was built is deployed`;
          checks.push({
            code: "IMAGE_TAG_MOVED",
            state: "warning",
            message,
            facts: { ...facts, now: now ?? "" },
          });
        }
        return { checks, blockers: [] };
      } catch (error) {
        return failed(
          "REGISTRY_UNREACHABLE",
          `the registry cannot be asked for ${image}: ${upstreamMessage(error)}`,
          ["admin", "system"],
        );
      }
    },
  );
  return { checks: seen.flatMap(({ checks }) => checks), blockers: seen.flatMap(({ blockers }) => blockers) };
}
