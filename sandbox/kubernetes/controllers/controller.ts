import type { EventRecorder } from "../events.ts";
import { numberAt, objectsAt, textAt } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import { controllerOf, hasCondition } from "../objects.ts";
import type { Registry } from "../registry.ts";
import type { Resource } from "../resources.ts";
import { kinds, resourceOfKind } from "../resources.ts";
import { WorkQueue } from "./queue.ts";

export const MANAGER = "kube-controller-manager";

export interface Tools {
  registry: Registry;
  recorder: EventRecorder;
}

/**
 * Calls `reconcile` for objects of a resource whenever they, or objects they control, change.
 * `reconcile` may answer after how many ms it wants to run again. Answers how to stop.
 */
export function control(
  registry: Registry,
  resource: Resource,
  reconcile: (object: KubeObject) => number | undefined,
): () => void {
  const queue = new WorkQueue(resource.name, (key) => {
    const [namespace = "", name = ""] = key.split("/");
    const object = registry.store.get(resource, namespace, name);
    return object && reconcile(object);
  });
  const add = (namespace: string, name: string) => queue.add(`${namespace}/${name}`);
  for (const object of registry.store.list(resource))
    add(object.metadata.namespace ?? "", object.metadata.name);
  const unsubscribe = registry.store.subscribe((changed, { object }) => {
    const namespace = object.metadata.namespace ?? "";
    const owner = controllerOf(object);
    if (changed === resource) add(namespace, object.metadata.name);
    else if (owner && resourceOfKind(owner.apiVersion, owner.kind) === resource) add(namespace, owner.name);
  });
  return () => {
    unsubscribe();
    queue.stop();
  };
}

/** Objects of a resource that the owner controls. */
export function controlled(registry: Registry, resource: Resource, owner: KubeObject): KubeObject[] {
  return registry.store
    .list(resource, owner.metadata.namespace ?? "")
    .filter((object) => controllerOf(object)?.uid === owner.metadata.uid);
}

export function isEnded(pod: KubeObject): boolean {
  return ["Succeeded", "Failed"].includes(textAt(pod, "status", "phase"));
}

/** Pods that count towards replicas: neither ended nor being deleted. */
export function activePods(registry: Registry, owner: KubeObject): KubeObject[] {
  return controlled(registry, kinds.pods, owner).filter(
    (pod) => !isEnded(pod) && !pod.metadata.deletionTimestamp,
  );
}

export function isReady(pod: KubeObject): boolean {
  return hasCondition(pod, "Ready");
}

/** Ready for long enough; else in how many ms that will be (undefined while not ready). */
export function availableIn(pod: KubeObject, minReadySeconds: number): number | undefined {
  if (!isReady(pod)) return undefined;
  if (minReadySeconds === 0) return 0;
  const ready = objectsAt(pod, "status", "conditions").find((entry) => entry.type === "Ready");
  return Math.max(0, Date.parse(textAt(ready, "lastTransitionTime")) + minReadySeconds * 1000 - Date.now());
}

/** A count given as a number or a share of `total` ("25%"). */
export function intOrPercent(value: unknown, total: number, roundUp: boolean): number {
  if (typeof value === "number") return value;
  const share = typeof value === "string" ? (Number.parseFloat(value) / 100) * total : 0;
  return roundUp ? Math.ceil(share) : Math.floor(share);
}

/** Leaves out counts that are zero, as `omitempty` does. */
export function nonZero(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== 0));
}

export function replicasOf(object: KubeObject): number {
  return numberAt(object, "spec", "replicas") ?? 0;
}

export function statusCount(object: KubeObject, name: string): number {
  return numberAt(object, "status", name) ?? 0;
}
