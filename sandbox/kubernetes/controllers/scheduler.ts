import type { EventRecorder } from "../events.ts";
import type { JsonObject } from "../json.ts";
import { child, objectsAt, setAt, stringsAt, textAt } from "../json.ts";
import { NODE_NAMES } from "../node/node.ts";
import type { KubeObject } from "../objects.ts";
import { now } from "../objects.ts";
import { quantityValue } from "../quantity.ts";
import type { Registry } from "../registry.ts";
import { kinds } from "../resources.ts";
import { control, isEnded } from "./controller.ts";

const RETRY = 3000;

/** Gives pods to nodes: the one with fewer pods among those that fit. Answers how to stop. */
export function runScheduler(registry: Registry, recorder: EventRecorder): () => void {
  return control(registry, kinds.pods, (pod) => {
    if (textAt(pod, "spec", "nodeName") !== "" || isEnded(pod) || pod.metadata.deletionTimestamp)
      return undefined;
    const { namespace = "", name } = pod.metadata;
    const nodes = NODE_NAMES.flatMap((node) => registry.store.get(kinds.nodes, "", node) ?? []);
    const problems = nodes.map((node) => misfit(registry, node, pod));
    const fitting = nodes.filter((_node, index) => problems[index] === undefined);
    const write = { manager: "kube-scheduler" };
    const [chosen] = fitting.toSorted((a, b) => podsOn(registry, a).length - podsOn(registry, b).length);
    if (!chosen) {
      const reasons = new Map<string, number>();
      for (const problem of problems) if (problem) reasons.set(problem, (reasons.get(problem) ?? 0) + 1);
      const list = [...reasons].map(([reason, count]) => `${count} ${reason}`).join(", ");
      const none = `0/${nodes.length} nodes are available: ${list}.`;
      const message = `${none} preemption: 0/${nodes.length} nodes are available: ${nodes.length} Preemption is not helpful for scheduling.`;
      registry.update(kinds.pods, namespace, name, { ...write, subresource: "status" }, (draft) => {
        setScheduled(draft, { status: "False", reason: "Unschedulable", message });
      });
      recorder.record(pod, { type: "Warning", reason: "FailedScheduling", message });
      return RETRY;
    }
    const { name: node } = chosen.metadata;
    registry.update(kinds.pods, namespace, name, write, (draft) => setAt(draft, ["spec", "nodeName"], node));
    const message = `Successfully assigned ${namespace}/${name} to ${node}`;
    recorder.record(pod, { type: "Normal", reason: "Scheduled", message });
    return undefined;
  });
}

function setScheduled(draft: KubeObject, state: JsonObject): void {
  const status = child(draft, "status");
  const old = objectsAt(status, "conditions");
  const same = old.find((entry) => entry.type === "PodScheduled" && entry.message === state.message);
  if (same) return;
  const condition = { type: "PodScheduled", lastProbeTime: null, lastTransitionTime: now(), ...state };
  status.conditions = [...old.filter((entry) => entry.type !== "PodScheduled"), condition];
}

function podsOn(registry: Registry, node: KubeObject): KubeObject[] {
  return registry.store
    .list(kinds.pods)
    .filter((pod) => textAt(pod, "spec", "nodeName") === node.metadata.name && !isEnded(pod));
}

/** Why the pod cannot go onto the node; undefined when it can. */
function misfit(registry: Registry, node: KubeObject, pod: KubeObject): string | undefined {
  const labels = node.metadata.labels ?? {};
  const wanted = Object.entries(stringsAt(pod, "spec", "nodeSelector"));
  if (wanted.some(([key, value]) => labels[key] !== value)) {
    return "node(s) didn't match Pod's node affinity/selector";
  }
  const allocatable = stringsAt(node, "status", "allocatable");
  const others = podsOn(registry, node);
  for (const name of ["cpu", "memory"]) {
    const used = others.reduce((sum, other) => sum + requested(other, name), 0);
    if (used + requested(pod, name) > (quantityValue(allocatable[name] ?? "0") ?? 0))
      return `Insufficient ${name}`;
  }
  return undefined;
}

function requested(pod: KubeObject, name: string): number {
  return objectsAt(pod, "spec", "containers").reduce(
    (sum, container) =>
      sum + (quantityValue(stringsAt(container, "resources", "requests")[name] ?? "0") ?? 0),
    0,
  );
}
