import { rmSync } from "node:fs";
import type { EventRecorder } from "../events.ts";
import type { JsonObject } from "../json.ts";
import { equal, numberAt, objectsAt, textAt } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import type { Registry } from "../registry.ts";
import { kinds } from "../resources.ts";
import { Container } from "./container.ts";
import type { ImageStore } from "./images.ts";
import { podStatus } from "./pod-status.ts";

export interface WorkerOptions {
  registry: Registry;
  images: ImageStore;
  recorder: EventRecorder;
  directory: string;
  extraEnv: Record<string, string>;
  podIP: string;
  hostIP: string;
}

type Policy = "Always" | "OnFailure" | "Never";

/** Runs one pod on this node: its init containers in order, then its containers, until it is deleted. */
export class PodWorker {
  readonly pod: KubeObject;
  readonly containers: Container[];
  readonly init: Container[];
  private readonly options: WorkerOptions;
  private initialized = false;
  private outcome: "Succeeded" | "Failed" | undefined;
  private ending = false;
  private gone = false;

  constructor(options: WorkerOptions, pod: KubeObject) {
    this.options = options;
    this.pod = pod;
    const around = { ...options, store: options.registry.store, pod, changed: () => this.publish() };
    const make = (list: string, statuses: string) =>
      objectsAt(pod, "spec", list).map((spec) => {
        const old = objectsAt(pod, "status", statuses).find((status) => status.name === spec.name);
        const container = new Container(around, spec, old ? restarted(old) : 0);
        const ran = old?.state;
        if (old && typeof ran === "object" && ran !== null && "running" in ran)
          container.lastState = lost(ran);
        return container;
      });
    this.init = make("initContainers", "initContainerStatuses");
    this.containers = make("containers", "containerStatuses");
  }

  /** Runs the pod; never rejects. */
  async run(): Promise<void> {
    try {
      await this.runContainers();
    } catch (error) {
      const message = `Error: ${error instanceof Error ? error.message : String(error)}`;
      this.options.recorder.record(this.pod, { type: "Warning", reason: "FailedCreatePodSandBox", message });
    }
  }

  private async runContainers(): Promise<void> {
    const policy = policyOf(this.pod);
    if (this.init.length > 0)
      for (const container of this.containers) container.state = waiting("PodInitializing");
    this.publish();
    for (const container of this.init) {
      const exit = await container.run(policy === "Never" ? "Never" : "OnFailure");
      if (this.ending) return;
      if (exit?.code !== 0) return this.finish("Failed");
    }
    this.initialized = true;
    this.publish();
    const exits = await Promise.all(this.containers.map((container) => container.run(policy)));
    if (!this.ending) this.finish(exits.every((exit) => exit?.code === 0) ? "Succeeded" : "Failed");
  }

  private finish(outcome: "Succeeded" | "Failed"): void {
    this.outcome = outcome;
    this.publish();
  }

  private publish(): void {
    if (this.gone) return;
    const { registry, podIP, hostIP } = this.options;
    const { namespace = "", name, uid } = this.pod.metadata;
    const live = registry.store.get(kinds.pods, namespace, name);
    if (!live || live.metadata.uid !== uid) return;
    const { containers, init, initialized, outcome } = this;
    const status = podStatus(live, { containers, init, initialized, outcome, podIP, hostIP });
    if (equal(status, live.status)) return;
    registry.update(kinds.pods, namespace, name, { manager: "kubelet", subresource: "status" }, (draft) => {
      draft.status = status;
    });
  }

  /** Ends the processes in the pod's grace, then takes the pod out of the store. */
  async terminate(graceSeconds: number): Promise<void> {
    if (this.ending) return;
    this.ending = true;
    for (const container of this.containers) {
      if ("running" in container.state)
        container.event("Normal", "Killing", `Stopping container ${container.name}`);
    }
    await this.stop(graceSeconds * 1000);
    this.gone = true;
    const { namespace = "", name, uid } = this.pod.metadata;
    const live = this.options.registry.store.get(kinds.pods, namespace, name);
    if (live && live.metadata.uid === uid && (live.metadata.finalizers ?? []).length === 0) {
      this.options.registry.store.remove(kinds.pods, live);
    }
    this.forget();
  }

  /** Ends everything at once: the pod is gone from the store, or the server stops. */
  async stop(graceMs: number): Promise<void> {
    this.ending = true;
    await Promise.all([...this.init, ...this.containers].map((container) => container.stop(graceMs)));
  }

  /** Removes the pod's files. */
  forget(): void {
    this.gone = true;
    rmSync(this.options.directory, { recursive: true, force: true });
  }

  /** Nothing is reported any more: the server stops, and the store must keep what it last said. */
  silence(): void {
    this.gone = true;
  }
}

function policyOf(pod: KubeObject): Policy {
  const policy = textAt(pod, "spec", "restartPolicy");
  return policy === "Never" || policy === "OnFailure" ? policy : "Always";
}

function waiting(reason: string): JsonObject {
  return { waiting: { reason } };
}

/** After a restart of the node what ran counts as restarted once more. */
function restarted(status: JsonObject): number {
  const count = numberAt(status, "restartCount") ?? 0;
  const { state } = status;
  const ran = typeof state === "object" && state !== null && ("running" in state || "terminated" in state);
  return ran ? count + 1 : count;
}

function lost(state: JsonObject | { running?: unknown }): JsonObject {
  const startedAt =
    "running" in state && typeof state.running === "object" ? textAt({ ...state.running }, "startedAt") : "";
  const finishedAt = `${new Date().toISOString().slice(0, 19)}Z`;
  return { terminated: { exitCode: 255, reason: "Unknown", startedAt, finishedAt } };
}
