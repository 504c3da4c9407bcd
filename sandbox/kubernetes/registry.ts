import { randomUUID } from "node:crypto";
import { admitPod, qosOf, refuseOverQuota, refuseUnknownAccount } from "./admission.ts";
import type { Applied } from "./apply/apply.ts";
import { applyConfiguration, trackUpdate } from "./apply/apply.ts";
import { applyDefaults, generateJobSelector } from "./defaults.ts";
import { errors, requiredValue } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import { clone, equal, isObject, setAt } from "./json.ts";
import { randomName } from "./names.ts";
import type { KubeObject, ManagedFieldsEntry } from "./objects.ts";
import { isKubeObject, now, ordered } from "./objects.ts";
import { admitPodSecurity } from "./pod-security.ts";
import { canonicalise } from "./quantity.ts";
import type { Resource } from "./resources.ts";
import { kinds } from "./resources.ts";
import type { Type } from "./schema.ts";
import { ANY, typeOf } from "./schema.ts";
import { prepareService } from "./service-addresses.ts";
import type { Store } from "./store.ts";
import { validate } from "./validate.ts";

export interface Write {
  /** Who is written into managedFields. */
  manager: string;
  subresource?: string;
  dryRun?: boolean;
  /** Takes what the writer is told beside the answer. */
  warn?: (text: string) => void;
}

const WITH_GENERATION = new Set([
  "deployments",
  "replicasets",
  "statefulsets",
  "daemonsets",
  "jobs",
  "cronjobs",
  "pods",
  "ingresses",
  "networkpolicies",
  "poddisruptionbudgets",
]);

/** Counts that Go writes although they are zero. */
const FIRST_STATUS: Record<string, JsonObject> = {
  replicasets: { replicas: 0 },
  statefulsets: { replicas: 0, availableReplicas: 0 },
  daemonsets: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  ingresses: { loadBalancer: {} },
  horizontalpodautoscalers: { desiredReplicas: 0, currentMetrics: null },
};

/** Create, update and apply with everything the real server does around the bare write. */
export class Registry {
  readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /** Creates the object; throws the API's own errors (missing namespace, exists, invalid, quota). */
  create(resource: Resource, body: KubeObject, write: Write): KubeObject {
    const object = clone(body);
    const { metadata } = object;
    if (metadata.resourceVersion) {
      throw errors.badRequest("resourceVersion should not be set on objects to be created");
    }
    if (metadata.name === "" && metadata.generateName)
      metadata.name = `${metadata.generateName}${randomName(5)}`;
    if (metadata.name === "") {
      const cause = requiredValue("metadata.name", "name or generateName is required");
      throw errors.invalid(resource.group, resource.kind, "", [cause]);
    }
    delete metadata.managedFields;
    return this.insert(resource, object, write, (made) =>
      trackUpdate(undefined, made, typeFor(resource), ownerOf(resource, write), now()),
    );
  }

  private insert(
    resource: Resource,
    object: KubeObject,
    write: Write,
    track: (object: KubeObject) => ManagedFieldsEntry[],
  ): KubeObject {
    const { metadata } = object;
    if (resource.namespaced) this.requireNamespace(resource, metadata.namespace ?? "", metadata.name);
    if (this.store.get(resource, metadata.namespace ?? "", metadata.name)) {
      throw errors.alreadyExists(resource, metadata.name);
    }
    if (resource === kinds.pods) refuseUnknownAccount(this.store, object);
    metadata.uid = randomUUID();
    metadata.creationTimestamp = now();
    delete metadata.resourceVersion;
    delete metadata.deletionTimestamp;
    delete metadata.generation;
    if (WITH_GENERATION.has(resource.name)) metadata.generation = 1;
    this.prepare(resource, object);
    const causes = validate(object);
    if (causes.length > 0) throw errors.invalid(resource.group, resource.kind, metadata.name, causes);
    admitPodSecurity(this.store, resource, object, write.warn ?? silent);
    refuseOverQuota(this.store, resource, object);
    if (resource !== kinds.events) metadata.managedFields = track(object);
    // What the server adds beyond defaults does not come from whoever creates the object: nobody owns it.
    if (resource === kinds.pods) admitPod(object);
    if (resource === kinds.services) prepareService(this.store, object);
    if (resource === kinds.namespaces) object.spec = { finalizers: ["kubernetes"] };
    if (resource === kinds.jobs) generateJobSelector(object);
    const result = ordered(object);
    return write.dryRun ? result : this.store.put(resource, result);
  }

  private prepare(resource: Resource, object: KubeObject): void {
    canonicalise(object, typeFor(resource));
    if (resource.subresources.includes("status")) object.status = {};
    if (resource === kinds.namespaces) {
      setAt(object, ["metadata", "labels", "kubernetes.io/metadata.name"], object.metadata.name);
      object.status = { phase: "Active" };
    }
    applyDefaults(object);
    if (resource === kinds.services) object.status = { loadBalancer: {} };
    if (resource === kinds.pods) object.status = { phase: "Pending", qosClass: qosOf(object) };
    const first = FIRST_STATUS[resource.name];
    if (first) object.status = clone(first);
    if (resource === kinds.daemonsets) {
      setAt(object, ["metadata", "annotations", "deprecated.daemonset.template.generation"], "1");
    }
    canonicalise(object, typeFor(resource));
  }

  private requireNamespace(resource: Resource, namespace: string, name: string): void {
    const found = this.store.get(kinds.namespaces, "", namespace);
    if (!found) throw errors.notFound(kinds.namespaces, namespace);
    if (!found.metadata.deletionTimestamp) return;
    throw errors.forbidden(
      resource,
      name,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
      [
        {
          reason: "NamespaceTerminating",
          message: `namespace ${namespace} is being terminated`,
          field: "metadata.namespace",
        },
      ],
    );
  }

  /** Replaces the object (or its status); a write that changes nothing leaves it as it is. */
  replace(resource: Resource, live: KubeObject, body: KubeObject, write: Write): KubeObject {
    const next = clone(body);
    const version = next.metadata.resourceVersion;
    if (version !== undefined && version !== "" && version !== live.metadata.resourceVersion) {
      throw errors.modified(resource, live.metadata.name);
    }
    refuseOtherUid(resource, live, next);
    if (write.subresource === "status") {
      const kept: JsonObject = { ...clone(live) };
      kept.status = next.status ?? {};
      // Status writers may set annotations and labels: the deployment controller notes the revision so.
      if (next.metadata.annotations) setAt(kept, ["metadata", "annotations"], next.metadata.annotations);
      if (!isKubeObject(kept)) throw errors.internal("the stored object lost its frame");
      return this.settle(resource, live, kept, write, (object) =>
        this.tracked(resource, live, object, write),
      );
    }
    if (resource.subresources.includes("status")) {
      if (live.status === undefined) delete next.status;
      else next.status = clone(live.status);
    }
    // An explicitly empty list is how a client gives up all tracking.
    const untracked = next.metadata.managedFields?.length === 0;
    return this.settle(resource, live, next, write, (object) =>
      untracked ? [] : this.tracked(resource, live, object, write),
    );
  }

  private tracked(
    resource: Resource,
    live: KubeObject,
    object: KubeObject,
    write: Write,
  ): ManagedFieldsEntry[] {
    return trackUpdate(live, object, typeFor(resource), ownerOf(resource, write), now());
  }

  /** A replace that says itself who owns what afterwards. */
  replaceOwned(
    resource: Resource,
    live: KubeObject,
    next: KubeObject,
    write: Write,
    owners: ManagedFieldsEntry[],
  ): KubeObject {
    return this.settle(resource, live, next, write, () => owners);
  }

  /** Changes a clone of the object through `change` and replaces it; answers undefined when it is gone. */
  update(
    resource: Resource,
    namespace: string,
    name: string,
    write: Write,
    change: (draft: KubeObject) => void,
  ): KubeObject | undefined {
    const live = this.store.get(resource, namespace, name);
    if (!live) return undefined;
    const draft = clone(live);
    change(draft);
    return this.replace(resource, live, draft, write);
  }

  /** Server-side apply; creates the object where there is none. Says whether it did. */
  apply(
    resource: Resource,
    body: KubeObject,
    write: Write & { force: boolean },
    beforeCreate: () => void,
  ): { object: KubeObject; created: boolean } {
    const { namespace = "", name } = body.metadata;
    const type = typeFor(resource);
    const live = this.store.get(resource, namespace, name);
    const owner = { ...ownerOf(resource, write), operation: "Apply" as const };
    if (!live) {
      beforeCreate();
      if (resource.namespaced) this.requireNamespace(resource, namespace, name);
      if (body.metadata.uid) {
        const uid = body.metadata.uid;
        throw errors.conflict(
          resource,
          name,
          `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
        );
      }
    } else if (
      body.metadata.resourceVersion &&
      body.metadata.resourceVersion !== live.metadata.resourceVersion
    ) {
      throw errors.modified(resource, name);
    } else refuseOtherUid(resource, live, body);
    const config = clone(body);
    canonicalise(config, type);
    const applied = applyConfiguration(live, config, type, owner, { force: write.force, time: now() });
    const object = framed(applied);
    if (!live)
      return { object: this.insert(resource, object, write, () => applied.managedFields), created: true };
    return {
      object: this.settle(resource, live, object, write, () => applied.managedFields),
      created: false,
    };
  }

  private settle(
    resource: Resource,
    live: KubeObject,
    next: KubeObject,
    write: Write,
    track: (object: KubeObject) => ManagedFieldsEntry[],
  ): KubeObject {
    const { metadata } = next;
    const kept = live.metadata;
    metadata.name = kept.name;
    for (const key of [
      "namespace",
      "uid",
      "creationTimestamp",
      "deletionTimestamp",
      "deletionGracePeriodSeconds",
      "generation",
      "generateName",
      "resourceVersion",
    ]) {
      setAt(metadata, [key], kept[key]);
    }
    canonicalise(next, typeFor(resource));
    applyDefaults(next);
    if (resource === kinds.services) prepareService(this.store, next, live);
    const causes = validate(next, live);
    if (causes.length > 0) throw errors.invalid(resource.group, resource.kind, kept.name, causes);
    if (!write.subresource && resource !== kinds.pods) {
      admitPodSecurity(this.store, resource, next, write.warn ?? silent);
    }
    const managedFields = track(next);
    if (managedFields.length > 0) metadata.managedFields = managedFields;
    else delete metadata.managedFields;
    const respecified =
      !equal(next.spec, live.spec) ||
      // A Deployment counts its annotations as part of what is wanted.
      (resource === kinds.deployments && !equal(metadata.annotations, kept.annotations));
    if (
      WITH_GENERATION.has(resource.name) &&
      resource !== kinds.pods &&
      write.subresource !== "status" &&
      respecified
    ) {
      metadata.generation = (kept.generation ?? 0) + 1;
    }
    if (equal(timeless(next), timeless(live))) return live;
    const result = ordered(next);
    if (write.dryRun) return result;
    const unfinished = (metadata.finalizers ?? []).length > 0 || resource === kinds.namespaces;
    if (kept.deletionTimestamp && !unfinished && (kept.finalizers ?? []).length > 0) {
      return this.store.remove(resource, result);
    }
    return this.store.put(resource, result);
  }
}

const silent = () => {};

function refuseOtherUid(resource: Resource, live: KubeObject, body: KubeObject): void {
  const { uid } = body.metadata;
  if (!uid || uid === live.metadata.uid) return;
  throw errors.conflict(
    resource,
    live.metadata.name,
    `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`,
  );
}

/** The object without the times of managedFields, which alone are no reason to write. */
function timeless(object: KubeObject): JsonObject {
  const { managedFields = [], ...metadata } = object.metadata;
  const entries = managedFields.map(({ time: _time, ...entry }) => entry);
  return { ...object, metadata: { ...metadata, managedFields: entries } };
}

function framed(applied: Applied): KubeObject {
  const { object } = applied;
  const metadata = isObject(object.metadata) ? { ...object.metadata } : {};
  delete metadata.managedFields;
  const result: JsonObject = { ...clone(object), metadata: clone(metadata) };
  if (!isKubeObject(result)) throw errors.internal("the applied object has no name");
  return result;
}

export function typeFor(resource: Resource): Type {
  return typeOf(resource.apiVersion, resource.kind) ?? ANY;
}

function ownerOf(resource: Resource, write: Write) {
  return {
    manager: write.manager,
    operation: "Update" as const,
    apiVersion: resource.apiVersion,
    subresource: write.subresource ?? "",
  };
}
