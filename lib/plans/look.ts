import { rolesWith } from "#lib/access/roles.ts";
import type { Cluster, Manifest } from "#lib/adapters/ports.ts";
import { connectCluster, connectRegistry } from "#lib/connections/connect.ts";
import { AdapterError, AppError, type Blocker } from "#lib/errors.ts";
import {
  AUTOSCALER_KIND,
  autoscalerChecks,
  autoscalersOf,
  type FixedReplicas,
  fixedReplicas,
} from "./autoscalers.ts";
import { autoscalerManager, objectName } from "./choices.ts";
import type { PlanInputs, PlanManifests, PlanReview } from "./content.ts";
import { fieldValue } from "./field-path.ts";
import { parseImage } from "./image-name.ts";
import { type FoundObject, lookAtObject } from "./look-object.ts";
import { lastWrote, otherOwners } from "./managed-fields.ts";
import { withSecretValues } from "./secret-values.ts";

type TargetPlan = PlanManifests["targets"][number];
type Check = PlanReview["checks"][number];
type Place = { cluster: string; namespace: string };
/** What a target answered. */
export type Found = Place & {
  wave: number;
  reachable: boolean;
  namespaceExists: boolean;
  objects: FoundObject[];
  checks: Check[];
  blockers: Blocker[];
};

const TARGET_TIMEOUT_MS = 30_000;
const AT_ONCE = 6;
const REPLICAS = ".spec.replicas";

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
  owner: { projectId: string; environmentId: string },
): Promise<Found> {
  const { cluster, namespace, wave } = target;
  const place = { cluster, namespace };
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
    // A value that changed a moment ago makes the plan stale: until then it is looked at without the values.
    const fill = async (planned: TargetPlan["objects"][number]) => {
      const filled = await withSecretValues(owner, planned);
      return filled.ok ? filled.manifest : planned.manifest;
    };
    const seen = await mapSome(target.objects, (object) =>
      lookAtObject(client, object, exists, signal, fill),
    );
    const pruned = await mapSome(target.prune, async ({ component, ref }): Promise<FoundObject | null> => {
      const live = exists ? await client.get({ ...ref, namespace }, { signal }) : null;
      return (
        live && {
          component,
          manifest: live,
          live,
          after: null,
          pruned: true,
          warnings: [],
          conflicts: [],
          refused: null,
        }
      );
    });
    // Small Deployments of a canary come and go with the run: they are no change, but may be refused as well.
    const beside = await mapSome(target.canaries, ({ component, manifest }) =>
      lookAtObject(client, { component, manifest, phase: "apply", takeOver: [] }, exists, signal),
    );
    const scaling = await lookAtAutoscalers(client, target, exists, signal);
    const objects = [...seen, ...pruned.filter((object) => object !== null)].map((object) =>
      withAutoscaler(object, scaling.fixed),
    );
    return {
      ...place,
      wave,
      reachable: true,
      namespaceExists: exists,
      objects,
      checks: [...checks, ...scaling.checks],
      blockers: [
        ...blockers,
        ...[...objects, ...beside].flatMap((object) => objectBlockers(object, place, scaling.fixed)),
      ],
    };
  } catch (error) {
    const message = `${cluster} cannot be asked: ${upstreamMessage(error)}`;
    const facts = { ...place, reason: upstreamMessage(error) };
    return {
      ...place,
      wave,
      reachable: false,
      namespaceExists: false,
      objects: [],
      checks: [{ code: "CLUSTER_REACHABLE", state: "failed", message, facts }],
      blockers: [{ code: "CLUSTER_UNREACHABLE", message, facts, liftedBy: ["admin", "system"] }],
    };
  }
}

/** Autoscalers that choose what a manifest of the plan fixes. One that may not be listed is told, and costs no plan. */
async function lookAtAutoscalers(
  client: Cluster,
  target: TargetPlan,
  namespaceThere: boolean,
  signal: AbortSignal,
): Promise<{ fixed: FixedReplicas[]; checks: Check[] }> {
  const { cluster, namespace } = target;
  const checks: Check[] = [];
  const list = async () => {
    if (!namespaceThere) return [];
    try {
      return (await client.list({ ...AUTOSCALER_KIND, namespace }, { signal })).items;
    } catch (error) {
      if (!(error instanceof AdapterError) || !["forbidden", "missing"].includes(error.failure)) throw error;
      const message = `${cluster}/${namespace}: autoscalers cannot be listed: ${error.message}`;
      checks.push({
        code: "AUTOSCALERS_UNREADABLE",
        state: "warning",
        message,
        facts: { cluster, namespace },
      });
      return [];
    }
  };
  const autoscalers = autoscalersOf(target, await list());
  checks.push(
    ...(await autoscalerChecks(target, autoscalers, async (ref) =>
      namespaceThere ? (await client.get(ref, { signal })) !== null : false,
    )),
  );
  return { fixed: fixedReplicas(target.objects, autoscalers), checks };
}

const fixedOf = (object: FoundObject, fixed: readonly FixedReplicas[]) =>
  object.pruned ? undefined : fixed.find((one) => one.object === objectName(object.manifest));

/** The autoscaler stands for whoever writes the number in its name: the server does not always record it. */
function withAutoscaler(object: FoundObject, fixed: readonly FixedReplicas[]): FoundObject {
  const found = fixedOf(object, fixed);
  if (!found) return object;
  const { autoscaler, replicas } = found;
  const theirs = object.live && fieldValue(object.live, REPLICAS);
  return {
    ...object,
    conflicts: [
      ...object.conflicts.filter(({ field }) => field !== REPLICAS),
      {
        field: REPLICAS,
        manager: autoscalerManager(autoscaler.name),
        since: object.live && writtenAt(object.live),
        line: null,
        ours: String(replicas),
        theirs: typeof theirs === "number" ? String(theirs) : null,
        autoscaler: autoscaler.name,
        choice: null,
      },
    ],
  };
}

/** When somebody else wrote the number of replicas for the last time. */
const writtenAt = (live: Manifest): string | null =>
  otherOwners(live, REPLICAS)
    .flatMap((manager) => lastWrote(live, REPLICAS, manager) ?? [])
    .sort()
    .at(-1) ?? null;

function objectBlockers(object: FoundObject, place: Place, fixed: readonly FixedReplicas[]): Blocker[] {
  const { component, manifest, refused } = object;
  const told = { ...place, component, object: objectName(manifest) };
  const found = fixedOf(object, fixed);
  const conflicts = object.conflicts
    .filter(({ choice }) => choice === null)
    .map(({ field, manager, autoscaler }): Blocker => {
      const facts = { ...told, field, manager };
      const liftedBy = rolesWith("plan.approve");
      if (!autoscaler || !found) {
        const message = `${place.cluster}: ${told.object}: ${field} is owned by ${manager}`;
        return { code: "FIELD_CONFLICT", message, facts, liftedBy };
      }
      const { min, max } = found.autoscaler;
      const message = `${place.cluster}: ${told.object}: ${field} is fixed at ${found.replicas}, and autoscaler ${autoscaler} chooses it between ${min} and ${max}`;
      const scaling = { autoscaler, replicas: found.replicas, min, max };
      return { code: "AUTOSCALER_CONFLICT", message, facts: { ...facts, ...scaling }, liftedBy };
    });
  if (!refused) return conflicts;
  const { code, reason } = refused;
  const facts = { ...told, kind: `${manifest.apiVersion} ${manifest.kind}`, reason };
  const message =
    code === "KIND_UNKNOWN"
      ? `${place.cluster} does not know the kind ${facts.kind} (${told.object})`
      : `${place.cluster} refuses ${told.object}: ${reason}`;
  const liftedBy = code === "KIND_UNKNOWN" ? ["owner", "ops", "admin"] : ["owner", "ops"];
  return [...conflicts, { code, message, facts, liftedBy }];
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

/**
 * Whether the registry still has every image, by digest; and whether its tag was moved since, unless nobody is to be
 * warned (`tags` false).
 */
export async function lookAtImages(
  images: PlanInputs["images"],
  registryOf: (component: string, image: string) => string | undefined,
  { tags = true }: { tags?: boolean } = {},
): Promise<{ checks: Check[]; blockers: Blocker[] }> {
  const seen = await mapSome(
    images,
    async ({ component, image, digest }): Promise<{ checks: Check[]; blockers: Blocker[] }> => {
      const facts = { component, image, digest };
      const failed = (code: string, message: string, liftedBy: string[]) => ({
        checks: [{ code: "IMAGE_IN_REGISTRY", state: "failed" as const, message, facts }],
        blockers: [{ code, message, facts, liftedBy }],
      });
      const registryId = registryOf(component, image);
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
        const now = tag && tags ? await registry.resolve({ repository: path, reference: tag }) : digest;
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
