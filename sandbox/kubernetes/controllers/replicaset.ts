import type { JsonObject } from "../json.ts";
import { equal, numberAt, objectsAt, stringsAt } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import { now } from "../objects.ts";
import { kinds } from "../resources.ts";
import type { Tools } from "./controller.ts";
import { activePods, availableIn, control, isReady, MANAGER, nonZero, replicasOf } from "./controller.ts";
import { createPod, deletePod, deletionOrder } from "./pods.ts";

/** How often a refused creation is tried again. */
const RETRY = 1000;

/** Keeps as many pods as a ReplicaSet asks for. Answers how to stop. */
export function runReplicaSets(tools: Tools): () => void {
  return control(tools.registry, kinds.replicasets, (set) => reconcile(tools, set));
}

function reconcile(tools: Tools, set: KubeObject): number | undefined {
  let failure: Error | undefined;
  if (!set.metadata.deletionTimestamp) {
    const pods = activePods(tools.registry, set);
    const missing = replicasOf(set) - pods.length;
    try {
      for (let index = 0; index < missing; index += 1) createPod(tools, set);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    if (missing < 0) for (const pod of deletionOrder(pods).slice(0, -missing)) deletePod(tools, set, pod);
  }
  const wait = report(tools, set, failure);
  return failure ? RETRY : wait;
}

/** Writes the status; answers when a pod will count as available that does not yet. */
function report({ registry }: Tools, set: KubeObject, failure: Error | undefined): number | undefined {
  const pods = activePods(registry, set);
  const minReady = numberAt(set, "spec", "minReadySeconds") ?? 0;
  const labels = Object.entries(stringsAt(set, "spec", "template", "metadata", "labels"));
  const waits = pods.flatMap((pod) => availableIn(pod, minReady) ?? []);
  const conditions = failure ? [failed(set, failure)] : [];
  const status: JsonObject = {
    replicas: pods.length,
    ...nonZero({
      fullyLabeledReplicas: pods.filter((pod) =>
        labels.every(([key, value]) => pod.metadata.labels?.[key] === value),
      ).length,
      readyReplicas: pods.filter(isReady).length,
      availableReplicas: waits.filter((wait) => wait === 0).length,
      observedGeneration: set.metadata.generation ?? 0,
    }),
    ...(conditions.length > 0 ? { conditions } : {}),
  };
  const { namespace = "", name } = set.metadata;
  if (!equal(status, set.status)) {
    const write = { manager: MANAGER, subresource: "status" };
    registry.update(kinds.replicasets, namespace, name, write, (draft) => {
      draft.status = status;
    });
  }
  const rest = waits.filter((wait) => wait > 0);
  return rest.length > 0 ? Math.min(...rest) + 10 : undefined;
}

function failed(set: KubeObject, failure: Error): JsonObject {
  const old = objectsAt(set, "status", "conditions").find((entry) => entry.type === "ReplicaFailure");
  const lastTransitionTime = old?.lastTransitionTime ?? now();
  const { message } = failure;
  // The message names a pod that never was; the first one stays, so that the status does not change for ever.
  const said = old && typeof old.message === "string" ? old.message : message;
  return {
    type: "ReplicaFailure",
    status: "True",
    lastTransitionTime,
    reason: "FailedCreate",
    message: said,
  };
}
