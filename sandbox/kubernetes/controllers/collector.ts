import { deleteObject, dependentsOf } from "../deletion.ts";
import { clone } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import type { Registry } from "../registry.ts";
import { kinds, resourceOfKind, resources } from "../resources.ts";
import type { Tools } from "./controller.ts";
import { control, MANAGER } from "./controller.ts";
import { WorkQueue } from "./queue.ts";

const BACKGROUND = {
  propagation: "Background",
  gracePeriodSeconds: undefined,
  uid: "",
  resourceVersion: "",
  dryRun: false,
} as const;

/** Deletes what lost its owner, and lets owners go that wait for their dependents. Answers how to stop. */
export function runCollector({ registry }: Tools): () => void {
  const { store } = registry;
  const owners = new Map<string, KubeObject>();
  const queue = new WorkQueue("collector", (uid) => {
    const owner = owners.get(uid);
    if (!owner) return undefined;
    const resource = resourceOfKind(owner.apiVersion, owner.kind);
    const live = resource && store.get(resource, owner.metadata.namespace ?? "", owner.metadata.name);
    const waits = live?.metadata.uid === uid && live.metadata.finalizers?.includes("foregroundDeletion");
    if (live?.metadata.uid === uid && !waits) return undefined;
    const dependents = dependentsOf(store, owner);
    for (const { resource: kind, object } of dependents) {
      const others = (object.metadata.ownerReferences ?? []).filter((entry) => entry.uid !== uid);
      const held = others.some((entry) => {
        const other = resourceOfKind(entry.apiVersion, entry.kind);
        return (
          other && store.get(other, object.metadata.namespace ?? "", entry.name)?.metadata.uid === entry.uid
        );
      });
      if (!held && !object.metadata.deletionTimestamp) {
        deleteObject(store, kind, object, waits ? { ...BACKGROUND, propagation: "Foreground" } : BACKGROUND);
      }
    }
    if (waits && resource && live) {
      if (dependents.length > 0) return 100;
      const next = clone(live);
      next.metadata.finalizers = (next.metadata.finalizers ?? []).filter(
        (name) => name !== "foregroundDeletion",
      );
      if (next.metadata.finalizers.length === 0) store.remove(resource, live);
      else store.put(resource, next);
    }
    owners.delete(uid);
    return undefined;
  });
  const look = (object: KubeObject) => {
    const uid = object.metadata.uid ?? "";
    owners.set(uid, object);
    queue.add(uid);
  };
  for (const resource of resources) {
    for (const object of store.list(resource)) if (object.metadata.deletionTimestamp) look(object);
  }
  const unsubscribe = store.subscribe((resource, { type, object }) => {
    if (resource === kinds.events) return;
    if (type === "DELETED" || object.metadata.deletionTimestamp) look(object);
  });
  return () => {
    unsubscribe();
    queue.stop();
  };
}

/** Empties and removes namespaces being deleted; furnishes new ones with their service account and CA bundle. */
export function runNamespaces({ registry }: Tools): () => void {
  return control(registry, kinds.namespaces, (namespace) => {
    const { name } = namespace.metadata;
    if (!namespace.metadata.deletionTimestamp) {
      furnish(registry, name);
      return undefined;
    }
    let left = 0;
    for (const resource of resources) {
      if (!resource.namespaced || !resource.verbs.includes("list")) continue;
      for (const object of registry.store.list(resource, name)) {
        if (!object.metadata.deletionTimestamp) deleteObject(registry.store, resource, object, BACKGROUND);
      }
      left += registry.store.list(resource, name).length;
    }
    if (left > 0) return 300;
    registry.store.remove(kinds.namespaces, namespace);
    return undefined;
  });
}

function furnish(registry: Registry, namespace: string): void {
  if (!registry.store.get(kinds.serviceaccounts, namespace, "default")) {
    const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace } };
    registry.create(kinds.serviceaccounts, account, { manager: MANAGER });
  }
  if (registry.store.get(kinds.configmaps, namespace, "kube-root-ca.crt")) return;
  const annotations = {
    "kubernetes.io/description":
      "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
  };
  registry.create(
    kinds.configmaps,
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "kube-root-ca.crt", namespace, annotations },
      data: { "ca.crt": "" },
    },
    { manager: MANAGER },
  );
}
