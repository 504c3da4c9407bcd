import type { Cause } from "./errors.ts";
import { ApiError, errors } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import { clone, numberAt, objectAt, textAt } from "./json.ts";
import type { KubeObject } from "./objects.ts";
import { now, stamp } from "./objects.ts";
import type { Resource } from "./resources.ts";
import { kinds, resources } from "./resources.ts";
import type { Store } from "./store.ts";

export interface DeleteOptions {
  propagation: "Background" | "Foreground" | "Orphan";
  gracePeriodSeconds: number | undefined;
  uid: string;
  resourceVersion: string;
  dryRun: boolean;
}

/** Reads DeleteOptions out of a body and the query, which says the same in other words. */
export function deleteOptions(body: JsonObject, query: URLSearchParams, dryRun: boolean): DeleteOptions {
  const policy = textAt(body, "propagationPolicy") || query.get("propagationPolicy") || "Background";
  const causes: Cause[] = [];
  if (policy !== "Background" && policy !== "Foreground" && policy !== "Orphan") {
    causes.push({
      reason: "FieldValueNotSupported",
      message: `Unsupported value: "${policy}": supported values: "Foreground", "Background", "Orphan", "nil"`,
      field: "propagationPolicy",
    });
    throw errors.invalid("meta.k8s.io", "DeleteOptions", "", causes);
  }
  const grace = query.get("gracePeriodSeconds");
  return {
    propagation: policy,
    gracePeriodSeconds: numberAt(body, "gracePeriodSeconds") ?? (grace === null ? undefined : Number(grace)),
    uid: textAt(body, "preconditions", "uid"),
    resourceVersion: textAt(body, "preconditions", "resourceVersion"),
    dryRun: dryRun || JSON.stringify(body.dryRun ?? []).includes("All"),
  };
}

/** Kinds whose deletion answers the object instead of a Status. */
const ANSWERS_OBJECT = new Set(["services", "pods", "namespaces", "persistentvolumeclaims", "nodes"]);

/**
 * Deletes as the API does: pods end gracefully, finalizers hold the object back, a namespace empties first.
 * Answers the body of the response.
 */
export function deleteObject(
  store: Store,
  resource: Resource,
  live: KubeObject,
  options: DeleteOptions,
): JsonObject {
  checkPreconditions(resource, live, options);
  const success: JsonObject = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name: live.metadata.name,
      ...(resource.group === "" ? {} : { group: resource.group }),
      kind: resource.name,
      uid: live.metadata.uid ?? "",
    },
  };
  const answer = (object: KubeObject) => (ANSWERS_OBJECT.has(resource.name) ? object : success);
  if (options.dryRun) return answer(live);
  if (resource === kinds.namespaces)
    return live.metadata.deletionTimestamp ? live : markNamespace(store, live);

  const grace = gracePeriod(resource, live, options);
  if (grace > 0) {
    const already = live.metadata.deletionGracePeriodSeconds;
    if (already !== undefined && already <= grace) return live;
    return mark(store, resource, live, grace, live.metadata.finalizers ?? []);
  }
  const finalizers = [...(live.metadata.finalizers ?? [])];
  if (options.propagation === "Orphan") orphan(store, live);
  if (options.propagation === "Foreground" && !finalizers.includes("foregroundDeletion")) {
    finalizers.push("foregroundDeletion");
  }
  if (finalizers.length > 0) {
    if (live.metadata.deletionTimestamp) return live;
    return mark(store, resource, live, 0, finalizers);
  }
  return answer(store.remove(resource, live));
}

function checkPreconditions(resource: Resource, live: KubeObject, options: DeleteOptions): void {
  const { uid, resourceVersion, name } = live.metadata;
  const label = resource.group === "" ? resource.kind : `${resource.kind}.${resource.group}`;
  const refuse = (what: string) =>
    new ApiError(409, "Conflict", `Operation cannot be fulfilled on ${label} "${name}": ${what}`, {
      name,
      ...(resource.group === "" ? {} : { group: resource.group }),
      kind: resource.kind,
    });
  const advice = "The object might have been";
  if (options.uid !== "" && options.uid !== uid) {
    throw refuse(
      `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). ${advice} deleted and then recreated`,
    );
  }
  if (options.resourceVersion !== "" && options.resourceVersion !== resourceVersion) {
    throw refuse(
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). ${advice} modified`,
    );
  }
}

/** Seconds a pod gets to end; nothing else has a grace period, nor has a pod no node knows. */
function gracePeriod(resource: Resource, live: KubeObject, options: DeleteOptions): number {
  if (resource !== kinds.pods) return 0;
  const phase = textAt(live, "status", "phase");
  if (textAt(live, "spec", "nodeName") === "" || phase === "Succeeded" || phase === "Failed") return 0;
  return (
    options.gracePeriodSeconds ?? numberAt(objectAt(live, "spec"), "terminationGracePeriodSeconds") ?? 30
  );
}

function mark(
  store: Store,
  resource: Resource,
  live: KubeObject,
  grace: number,
  finalizers: string[],
): KubeObject {
  const next = clone(live);
  next.metadata.deletionTimestamp = stamp(Date.now() + grace * 1000);
  next.metadata.deletionGracePeriodSeconds = grace;
  if (finalizers.length > 0) next.metadata.finalizers = finalizers;
  if (next.metadata.generation !== undefined) next.metadata.generation += 1;
  return store.put(resource, next);
}

function markNamespace(store: Store, live: KubeObject): KubeObject {
  const next = clone(live);
  next.metadata.deletionTimestamp = now();
  next.status = { ...objectAt(next, "status"), phase: "Terminating" };
  return store.put(kinds.namespaces, next);
}

/** Everything in the owner's namespace that names the owner in ownerReferences. */
export function dependentsOf(store: Store, owner: KubeObject): { resource: Resource; object: KubeObject }[] {
  const namespace = owner.metadata.namespace ?? "";
  return resources
    .filter((resource) => resource.verbs.includes("list") && resource !== kinds.events)
    .flatMap((resource) =>
      store
        .list(resource, resource.namespaced ? namespace : "")
        .filter((object) =>
          object.metadata.ownerReferences?.some((entry) => entry.uid === owner.metadata.uid),
        )
        .map((object) => ({ resource, object })),
    );
}

function orphan(store: Store, owner: KubeObject): void {
  for (const { resource, object } of dependentsOf(store, owner)) {
    const next = clone(object);
    const rest = (next.metadata.ownerReferences ?? []).filter((entry) => entry.uid !== owner.metadata.uid);
    if (rest.length > 0) next.metadata.ownerReferences = rest;
    else delete next.metadata.ownerReferences;
    store.put(resource, next);
  }
}
