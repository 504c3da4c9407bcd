import type { JsonObject } from "../json.ts";
import { child, equal, get, numberAt, setAt, textAt } from "../json.ts";
import { hashName } from "../names.ts";
import { NODE_NAMES } from "../node/node.ts";
import type { KubeObject } from "../objects.ts";
import type { Resource } from "../resources.ts";
import { kinds } from "../resources.ts";
import type { Tools } from "./controller.ts";
import { activePods, control, controlled, isReady, MANAGER, nonZero, replicasOf } from "./controller.ts";
import { createPod, deletePod } from "./pods.ts";

const REVISION = "controller-revision-hash";

function templateHash(set: KubeObject): string {
  return hashName(JSON.stringify(get(set, "spec", "template") ?? {}));
}

/** StatefulSets: numbered pods, made in order and replaced from the last to the first. Answers how to stop. */
export function runStatefulSets(tools: Tools): () => void {
  return control(tools.registry, kinds.statefulsets, (set) => {
    try {
      if (!set.metadata.deletionTimestamp) step(tools, set);
    } finally {
      // A set whose pods are refused has seen its generation all the same.
      reportStateful(tools, set);
    }
    return undefined;
  });
}

function ordinal(pod: KubeObject): number {
  return Number(pod.metadata.name.split("-").at(-1));
}

/** Does the next thing that is due, and no more: the pods' changes bring the set back here. */
function step(tools: Tools, set: KubeObject): void {
  const all = controlled(tools.registry, kinds.pods, set).toSorted((a, b) => ordinal(a) - ordinal(b));
  const parallel = textAt(set, "spec", "podManagementPolicy") === "Parallel";
  const wanted = replicasOf(set);
  const revision = `${set.metadata.name}-${templateHash(set)}`;
  for (let index = 0; index < wanted; index += 1) {
    const pod = all.find((entry) => ordinal(entry) === index);
    if (!pod) {
      createNumbered(tools, set, index, revision);
      if (!parallel) return;
    } else if (textAt(pod, "status", "phase") === "Failed" && !pod.metadata.deletionTimestamp) {
      deletePod(tools, set, pod);
      return;
    } else if (!parallel && !isReady(pod) && pod.metadata.labels?.[REVISION] === revision) return;
  }
  const surplus = all.filter((pod) => ordinal(pod) >= wanted && !pod.metadata.deletionTimestamp);
  const last = surplus.at(-1);
  if (last) {
    for (const pod of parallel ? surplus : [last]) deletePod(tools, set, pod);
    return;
  }
  if (textAt(set, "spec", "updateStrategy", "type") === "OnDelete") return;
  const partition = numberAt(set, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  const stale = all.filter(
    (pod) => ordinal(pod) >= partition && pod.metadata.labels?.[REVISION] !== revision,
  );
  // One at a time, and only while nothing else is on its way.
  const moving = all.some((pod) => pod.metadata.deletionTimestamp);
  const next = stale.at(-1);
  if (next && !moving) deletePod(tools, set, next);
}

function createNumbered(tools: Tools, set: KubeObject, index: number, revision: string): void {
  const name = `${set.metadata.name}-${index}`;
  createPod(tools, set, {
    name,
    change: (pod) => {
      pod.metadata.generateName = `${set.metadata.name}-`;
      setAt(pod, ["metadata", "labels", "apps.kubernetes.io/pod-index"], String(index));
      setAt(pod, ["metadata", "labels", REVISION], revision);
      setAt(pod, ["metadata", "labels", "statefulset.kubernetes.io/pod-name"], name);
      const spec = child(pod, "spec");
      spec.hostname = name;
      const service = textAt(set, "spec", "serviceName");
      if (service !== "") spec.subdomain = service;
    },
  });
}

function reportStateful(tools: Tools, set: KubeObject): void {
  const pods = activePods(tools.registry, set);
  const revision = `${set.metadata.name}-${templateHash(set)}`;
  const updated = pods.filter((pod) => pod.metadata.labels?.[REVISION] === revision).length;
  const ready = pods.filter(isReady).length;
  const done = updated === pods.length;
  const before = textAt(set, "status", "currentRevision") || revision;
  write(tools, kinds.statefulsets, set, {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: pods.length,
    ...nonZero({
      readyReplicas: ready,
      currentReplicas: done ? updated : pods.length - updated,
      updatedReplicas: updated,
    }),
    currentRevision: done ? revision : before,
    updateRevision: revision,
    collisionCount: 0,
    availableReplicas: ready,
  });
}

/** DaemonSets: one pod on each node. Answers how to stop. */
export function runDaemonSets(tools: Tools): () => void {
  return control(tools.registry, kinds.daemonsets, (set) => {
    const hash = templateHash(set);
    const pods = activePods(tools.registry, set);
    if (!set.metadata.deletionTimestamp) {
      for (const node of NODE_NAMES) {
        if (pods.some((pod) => textAt(pod, "spec", "nodeName") === node)) continue;
        createPod(tools, set, {
          change: (pod) => {
            setAt(pod, ["metadata", "labels", REVISION], hash);
            setAt(
              pod,
              ["metadata", "labels", "pod-template-generation"],
              String(set.metadata.generation ?? 1),
            );
            setAt(pod, ["spec", "nodeName"], node);
          },
        });
      }
      const stale = pods.filter((pod) => pod.metadata.labels?.[REVISION] !== hash);
      const broken = pods.filter((pod) => !isReady(pod) && !stale.includes(pod));
      const [next] = stale;
      if (next && broken.length === 0 && pods.length === NODE_NAMES.length) deletePod(tools, set, next);
    }
    const now = activePods(tools.registry, set);
    const ready = now.filter(isReady).length;
    const updated = now.filter((pod) => pod.metadata.labels?.[REVISION] === hash).length;
    write(tools, kinds.daemonsets, set, {
      currentNumberScheduled: now.length,
      numberMisscheduled: 0,
      desiredNumberScheduled: NODE_NAMES.length,
      numberReady: ready,
      observedGeneration: set.metadata.generation ?? 0,
      ...nonZero({
        updatedNumberScheduled: updated,
        numberAvailable: ready,
        numberUnavailable: NODE_NAMES.length - ready,
      }),
    });
    return undefined;
  });
}

function write({ registry }: Tools, resource: Resource, set: KubeObject, status: JsonObject): void {
  if (equal(status, set.status)) return;
  const { namespace = "", name } = set.metadata;
  registry.update(resource, namespace, name, { manager: MANAGER, subresource: "status" }, (draft) => {
    draft.status = status;
  });
}
