import type { Json, JsonObject } from "../json.ts";
import { objectsAt, textAt } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import { now } from "../objects.ts";
import type { Container } from "./container.ts";

export interface PodView {
  containers: Container[];
  init: Container[];
  initialized: boolean;
  /** Set once nothing runs any more and nothing will be restarted. */
  outcome: "Succeeded" | "Failed" | undefined;
  podIP: string;
  hostIP: string;
}

/** The status a kubelet would report for what its containers do. */
export function podStatus(pod: KubeObject, view: PodView): JsonObject {
  const begun = view.containers.every(
    (container) =>
      "running" in container.state || "terminated" in container.state || container.restartCount > 0,
  );
  const phase = view.outcome ?? (view.initialized && begun ? "Running" : "Pending");
  const unready = view.containers.filter((container) => !container.ready).map((container) => container.name);
  const ready = phase === "Running" && unready.length === 0;
  const why: JsonObject =
    view.outcome === "Succeeded"
      ? { reason: "PodCompleted" }
      : view.outcome === "Failed"
        ? { reason: "PodFailed" }
        : { reason: "ContainersNotReady", message: `containers with unready status: [${unready.join(" ")}]` };
  const waitingInit = view.init
    .filter((container) => container.exit?.code !== 0)
    .map((container) => container.name);
  const conditions = [
    condition(pod, "PodReadyToStartContainers", view.outcome === undefined),
    condition(pod, "Initialized", view.initialized, {
      reason: "ContainersNotInitialized",
      message: `containers with incomplete status: [${waitingInit.join(" ")}]`,
    }),
    condition(pod, "ContainersReady", ready, why),
    condition(pod, "Ready", ready, why),
    condition(pod, "PodScheduled", true),
  ];
  return {
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    phase,
    conditions,
    hostIP: view.hostIP,
    hostIPs: [{ ip: view.hostIP }],
    podIP: view.podIP,
    podIPs: [{ ip: view.podIP }],
    startTime: textAt(pod, "status", "startTime") || now(),
    ...(view.init.length === 0 ? {} : { initContainerStatuses: view.init.map(containerStatus) }),
    containerStatuses: view.containers.map(containerStatus),
    qosClass: textAt(pod, "status", "qosClass") || "BestEffort",
  };
}

/** A condition that keeps its transition time while its status stays. */
function condition(pod: KubeObject, type: string, holds: boolean, why: JsonObject = {}): Json {
  const status = holds ? "True" : "False";
  const old = objectsAt(pod, "status", "conditions").find((entry) => entry.type === type);
  const lastTransitionTime = old && old.status === status ? textAt(old, "lastTransitionTime") : now();
  return {
    type,
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    status,
    lastProbeTime: null,
    lastTransitionTime,
    ...(holds ? {} : why),
  };
}

function containerStatus(container: Container): JsonObject {
  return {
    name: container.name,
    state: container.state,
    lastState: container.lastState,
    ready: container.ready,
    restartCount: container.restartCount,
    image: textAt(container.spec, "image"),
    imageID: container.imageId,
    ...(container.containerId === "" ? {} : { containerID: container.containerId }),
    started: container.started,
  };
}
