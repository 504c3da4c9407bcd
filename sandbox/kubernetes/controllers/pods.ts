import { deleteObject } from "../deletion.ts";
import type { JsonObject } from "../json.ts";
import { clone, get, isObject, stringsAt, textAt } from "../json.ts";
import { randomName } from "../names.ts";
import type { KubeObject } from "../objects.ts";
import { ownedBy } from "../objects.ts";
import { kinds } from "../resources.ts";
import type { Tools } from "./controller.ts";
import { isReady, MANAGER } from "./controller.ts";

/** Creates a pod from the owner's template; a refusal becomes a FailedCreate event and is thrown on. */
export function createPod(
  { registry, recorder }: Tools,
  owner: KubeObject,
  options: { name?: string; template?: JsonObject; change?: (pod: KubeObject) => void } = {},
): KubeObject {
  const found = options.template ?? get(owner, "spec", "template");
  const template = isObject(found) ? clone(found) : {};
  const name = options.name ?? `${owner.metadata.name}-${randomName(5)}`;
  const labels = stringsAt(template, "metadata", "labels");
  const annotations = stringsAt(template, "metadata", "annotations");
  const pod: KubeObject = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      ...(options.name === undefined ? { generateName: `${owner.metadata.name}-` } : {}),
      namespace: owner.metadata.namespace,
      labels,
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      ownerReferences: [ownedBy(owner)],
    },
    spec: isObject(template.spec) ? template.spec : {},
  };
  options.change?.(pod);
  try {
    const created = registry.create(kinds.pods, pod, { manager: MANAGER });
    const message = `Created pod: ${created.metadata.name}`;
    recorder.record(owner, { type: "Normal", reason: "SuccessfulCreate", message });
    return created;
  } catch (error) {
    const message = `Error creating: ${error instanceof Error ? error.message : String(error)}`;
    recorder.record(owner, { type: "Warning", reason: "FailedCreate", message });
    throw error;
  }
}

/** Deletes a pod gracefully and says so on its owner. */
export function deletePod({ registry, recorder }: Tools, owner: KubeObject, pod: KubeObject): void {
  deleteObject(registry.store, kinds.pods, pod, {
    propagation: "Background",
    gracePeriodSeconds: undefined,
    uid: "",
    resourceVersion: "",
    dryRun: false,
  });
  const message = `Deleted pod: ${pod.metadata.name}`;
  recorder.record(owner, { type: "Normal", reason: "SuccessfulDelete", message });
}

/** Pods in the order in which they may go: unassigned, pending and unready ones first, then the youngest. */
export function deletionOrder(pods: KubeObject[]): KubeObject[] {
  const rank = (pod: KubeObject) => [
    textAt(pod, "spec", "nodeName") === "" ? 0 : 1,
    textAt(pod, "status", "phase") === "Running" ? 1 : 0,
    isReady(pod) ? 1 : 0,
    -Number(pod.metadata.creationTimestamp ? Date.parse(pod.metadata.creationTimestamp) : 0),
  ];
  return pods.toSorted((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    const index = left.findIndex((value, place) => value !== right[place]);
    return index < 0 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
  });
}
