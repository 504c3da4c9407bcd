import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { EventRecorder } from "../events.ts";
import { numberAt, objectsAt, textAt } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import { now } from "../objects.ts";
import type { Registry } from "../registry.ts";
import { kinds } from "../resources.ts";
import type { Change } from "../store.ts";
import { ImageStore } from "./images.ts";
import { LogFile } from "./log-file.ts";
import { PodWorker } from "./pod-worker.ts";
import { endLeftover } from "./process.ts";

export const NODE_NAMES = ["node-1", "node-2"];

/** Both nodes of the cluster: they differ in name only, their pods run as processes of this host. */
export class Node {
  private readonly registry: Registry;
  private readonly directory: string;
  private readonly images: ImageStore;
  private readonly extraEnv: Record<string, string>;
  private readonly workers = new Map<string, PodWorker>();
  private readonly recorders = new Map<string, EventRecorder>();
  private addresses = 1;
  private closed = false;

  constructor(registry: Registry, dataDir: string, extraEnv: Record<string, string>) {
    this.registry = registry;
    this.directory = join(dataDir, "pods");
    this.images = new ImageStore(join(dataDir, "images"));
    this.extraEnv = extraEnv;
  }

  /** Registers the nodes, ends what a killed predecessor left running, and starts the pods there are. */
  start(): void {
    for (const [index, name] of NODE_NAMES.entries()) registerNode(this.registry, name, index);
    for (const uid of listDirectory(this.directory)) {
      for (const container of listDirectory(join(this.directory, uid))) {
        endLeftover(join(this.directory, uid, container, "pid.json"));
      }
    }
    for (const pod of this.registry.store.list(kinds.pods)) this.sync(pod);
    this.registry.store.subscribe((resource, change) => {
      if (resource === kinds.pods) this.changed(change);
    });
  }

  private changed(change: Change): void {
    if (this.closed) return;
    if (change.type !== "DELETED") {
      this.sync(change.object);
      return;
    }
    const uid = change.object.metadata.uid ?? "";
    const worker = this.workers.get(uid);
    this.workers.delete(uid);
    void worker?.stop(0).then(() => worker.forget());
  }

  private sync(pod: KubeObject): void {
    const uid = pod.metadata.uid ?? "";
    const node = textAt(pod, "spec", "nodeName");
    const phase = textAt(pod, "status", "phase");
    let worker = this.workers.get(uid);
    const ended = phase === "Succeeded" || phase === "Failed";
    if (!worker && NODE_NAMES.includes(node) && (!ended || pod.metadata.deletionTimestamp)) {
      worker = new PodWorker(
        {
          registry: this.registry,
          images: this.images,
          recorder: this.recorder(node),
          directory: join(this.directory, uid),
          extraEnv: this.extraEnv,
          podIP: textAt(pod, "status", "podIP") || this.address4(),
          hostIP: `10.0.0.${NODE_NAMES.indexOf(node) + 10}`,
        },
        pod,
      );
      this.workers.set(uid, worker);
      if (!pod.metadata.deletionTimestamp) void worker.run();
    }
    if (pod.metadata.deletionTimestamp) void worker?.terminate(pod.metadata.deletionGracePeriodSeconds ?? 30);
  }

  private recorder(node: string): EventRecorder {
    const recorder = this.recorders.get(node) ?? new EventRecorder(this.registry, "kubelet", node);
    this.recorders.set(node, recorder);
    return recorder;
  }

  private address4(): string {
    this.addresses += 1;
    return `10.244.${(this.addresses >> 8) & 255}.${this.addresses & 255}`;
  }

  /** The output of a container's present or previous run; undefined where there is none. */
  log(pod: KubeObject, container: string, previous: boolean): LogFile | undefined {
    const uid = pod.metadata.uid ?? "";
    const worker = this.workers.get(uid);
    const live = [...(worker?.containers ?? []), ...(worker?.init ?? [])].find(
      (entry) => entry.name === container,
    );
    const statuses = ["containerStatuses", "initContainerStatuses"].flatMap((key) =>
      objectsAt(pod, "status", key),
    );
    const status = statuses.find((entry) => entry.name === container);
    const run = live?.restartCount ?? numberAt(status, "restartCount") ?? 0;
    if (!previous && live?.log) return live.log;
    const path = join(this.directory, uid, container, `${previous ? run - 1 : run}.log`);
    return existsSync(path) ? new LogFile(path, false) : undefined;
  }

  /** The local port behind a container port (name or number; "" for the first) of a pod that runs here. */
  address(pod: KubeObject, port: string): number | undefined {
    const containers = this.workers.get(pod.metadata.uid ?? "")?.containers ?? [];
    const owner = containers.find((container) =>
      objectsAt(container.spec, "ports").some(
        (entry) => port === "" || entry.name === port || String(entry.containerPort) === port,
      ),
    );
    // Container ports are informative: a lone container listens whether or not it says so.
    const chosen = owner ?? (containers.length === 1 && !/[a-z]/i.test(port) ? containers[0] : undefined);
    return chosen && "running" in chosen.state ? chosen.port : undefined;
  }

  /** Ends every process and waits for it; the pods stay in the store for the next start. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(
      [...this.workers.values()].map((worker) => {
        worker.silence();
        return worker.stop(2000);
      }),
    );
  }
}

function listDirectory(path: string): string[] {
  return existsSync(path) ? readdirSync(path) : [];
}

function registerNode(registry: Registry, name: string, index: number): void {
  if (registry.store.get(kinds.nodes, "", name)) return;
  const labels = {
    "beta.kubernetes.io/arch": "amd64",
    "beta.kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
  };
  registry.create(
    kinds.nodes,
    { apiVersion: "v1", kind: "Node", metadata: { name, labels }, spec: { podCIDR: `10.244.${index}.0/24` } },
    { manager: "kubelet" },
  );
  const capacity = { cpu: "8", "ephemeral-storage": "100Gi", memory: "32Gi", pods: "110" };
  const healthy = (type: string, status: string, reason: string) => ({
    type,
    status,
    lastHeartbeatTime: now(),
    lastTransitionTime: now(),
    reason,
    message: reason,
  });
  registry.update(kinds.nodes, "", name, { manager: "kubelet", subresource: "status" }, (draft) => {
    draft.status = {
      capacity,
      allocatable: capacity,
      conditions: [
        healthy("MemoryPressure", "False", "KubeletHasSufficientMemory"),
        healthy("DiskPressure", "False", "KubeletHasNoDiskPressure"),
        healthy("PIDPressure", "False", "KubeletHasSufficientPID"),
        healthy("Ready", "True", "KubeletReady"),
      ],
      addresses: [
        { type: "InternalIP", address: `10.0.0.${10 + index}` },
        { type: "Hostname", address: name },
      ],
      nodeInfo: {
        machineID: "",
        systemUUID: "",
        bootID: "",
        kernelVersion: "6.1.0",
        osImage: "Sandbox",
        containerRuntimeVersion: "containerd://2.1.0",
        kubeletVersion: "v1.34.9",
        kubeProxyVersion: "",
        operatingSystem: "linux",
        architecture: "amd64",
      },
    };
  });
}
