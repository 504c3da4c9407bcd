import { has, removeTree } from "./apply/fieldset.ts";
import { decodeManagers, encodeManagers, only, sameManager } from "./apply/managers.ts";
import { errors } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import { clone, isObject, numberAt, setAt, textAt } from "./json.ts";
import type { KubeObject, ManagedFieldsEntry } from "./objects.ts";
import { parseJson, patched, patchKind } from "./patches.ts";
import type { Registry, Write } from "./registry.ts";
import type { Accepted, Call, Target } from "./request.ts";
import { isDryRun, managerOf, readBody, send } from "./request.ts";
import type { Resource } from "./resources.ts";
import { ANY, typeOf } from "./schema.ts";
import { showSelector } from "./selectors.ts";
import type { Context } from "./verbs.ts";
import { require } from "./verbs.ts";

const REPLICAS = ["f:spec", "f:replicas"];

/** The Scale view of a workload. */
export function scaleOf(object: KubeObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector: Json | undefined = isObject(object.spec) ? object.spec.selector : undefined;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: numberAt(object, "spec", "replicas") ?? 0 },
    status: { replicas: numberAt(object, "status", "replicas") ?? 0, selector: showSelector(selector) },
  };
}

/** GET, PUT and PATCH of `…/scale`. */
export async function scale(context: Context, target: Target, call: Call, accepted: Accepted): Promise<void> {
  const live = require(context, target);
  const { method } = call.request;
  const { format } = accepted;
  if (method === "GET") return send(call, 200, scaleOf(live), { format });
  const text = await readBody(call.request);
  const before = scaleOf(live);
  let next: Json;
  if (method === "PUT") next = parseJson(text);
  else {
    const kind = patchKind(call.request.headers["content-type"] ?? "");
    next = patched(before, text, kind === "apply" ? "merge" : kind, typeOf("autoscaling/v1", "Scale") ?? ANY);
  }
  const version = textAt(next, "metadata", "resourceVersion");
  if (version !== "" && version !== live.metadata.resourceVersion) {
    throw errors.modified(target.resource, live.metadata.name);
  }
  const replicas = numberAt(next, "spec", "replicas") ?? 0;
  const write = { manager: managerOf(call), dryRun: isDryRun(call) };
  send(call, 200, scaleOf(rescale(context.registry, target.resource, live, replicas, write)), { format });
}

/** Sets spec.replicas as the scale subresource does, with its own idea of who owns the field afterwards. */
export function rescale(
  registry: Registry,
  resource: Resource,
  live: KubeObject,
  replicas: number,
  write: Write,
): KubeObject {
  const next = clone(live);
  setAt(next, ["spec", "replicas"], replicas);
  return registry.replaceOwned(resource, live, next, write, owners(resource, live, replicas, write.manager));
}

/** Where nobody owns replicas, nobody does after a scale either; else the scaler takes it from all. */
function owners(
  resource: Resource,
  live: KubeObject,
  replicas: number,
  manager: string,
): ManagedFieldsEntry[] {
  const managers = decodeManagers(live.metadata.managedFields);
  const owned = managers.some((entry) => has(entry.fields, REPLICAS));
  if (!owned || numberAt(live, "spec", "replicas") === replicas) return live.metadata.managedFields ?? [];
  const me = { manager, operation: "Update" as const, apiVersion: resource.apiVersion, subresource: "scale" };
  for (const entry of managers) if (!sameManager(entry, me)) removeTree(entry.fields, REPLICAS);
  if (!managers.some((entry) => sameManager(entry, me))) {
    managers.push({ ...me, time: undefined, fields: only("spec", "replicas") });
  }
  return encodeManagers(managers);
}
