import type { Json, JsonObject } from "./json.ts";
import { isObject, numberAt, objectsAt, textAt } from "./json.ts";
import type { KubeObject } from "./objects.ts";
import type { Resource } from "./resources.ts";
import { showSelector } from "./selectors.ts";

type Cell = (object: KubeObject) => Json;
interface Column {
  name: string;
  type: string;
  priority: number;
  cell: Cell;
}

function column(name: string, cell: Cell, priority = 0, type = "string"): Column {
  return { name, type, priority, cell };
}

const containers = (object: KubeObject) =>
  objectsAt(object, "spec", "template", "spec", "containers").length > 0
    ? objectsAt(object, "spec", "template", "spec", "containers")
    : objectsAt(object, "spec", "containers");
const joined = (object: KubeObject, key: string) =>
  containers(object)
    .map((container) => textAt(container, key))
    .join(",");
const count = (object: KubeObject, ...path: string[]) => numberAt(object, ...path) ?? 0;
const age = column("Age", (object) => since(object.metadata.creationTimestamp));
const wide = [
  column("Containers", (object) => joined(object, "name"), 1),
  column("Images", (object) => joined(object, "image"), 1),
  column("Selector", (object) => showSelector(isObject(object.spec) ? object.spec.selector : undefined), 1),
];
const ready = column(
  "Ready",
  (object) => `${count(object, "status", "readyReplicas")}/${count(object, "spec", "replicas")}`,
);

const COLUMNS: Record<string, Column[]> = {
  deployments: [
    ready,
    column("Up-to-date", (object) => count(object, "status", "updatedReplicas")),
    column("Available", (object) => count(object, "status", "availableReplicas")),
    age,
    ...wide,
  ],
  statefulsets: [ready, age, ...wide.slice(0, 2)],
  replicasets: [
    column("Desired", (object) => count(object, "spec", "replicas"), 0, "integer"),
    column("Current", (object) => count(object, "status", "replicas"), 0, "integer"),
    column("Ready", (object) => count(object, "status", "readyReplicas"), 0, "integer"),
    age,
    ...wide,
  ],
  pods: [
    column("Ready", (pod) => {
      const statuses = objectsAt(pod, "status", "containerStatuses");
      return `${statuses.filter((status) => status.ready === true).length}/${containers(pod).length}`;
    }),
    column("Status", podStatus),
    column("Restarts", (pod) => {
      const statuses = objectsAt(pod, "status", "containerStatuses");
      return String(statuses.reduce((sum, status) => sum + (numberAt(status, "restartCount") ?? 0), 0));
    }),
    age,
    column("IP", (pod) => textAt(pod, "status", "podIP") || "<none>", 1),
    column("Node", (pod) => textAt(pod, "spec", "nodeName") || "<none>", 1),
    column("Nominated Node", () => "<none>", 1),
    column("Readiness Gates", () => "<none>", 1),
  ],
  services: [
    column("Type", (service) => textAt(service, "spec", "type")),
    column("Cluster-IP", (service) => textAt(service, "spec", "clusterIP") || "<none>"),
    column("External-IP", () => "<none>"),
    column("Port(s)", (service) =>
      objectsAt(service, "spec", "ports")
        .map(
          (port) => `${port.port}${port.nodePort === undefined ? "" : `:${port.nodePort}`}/${port.protocol}`,
        )
        .join(","),
    ),
    age,
  ],
  configmaps: [
    column("Data", (object) => Object.keys(isObject(object.data) ? object.data : {}).length, 0, "integer"),
    age,
  ],
  secrets: [
    column("Type", (object) => textAt(object, "type")),
    column("Data", (object) => Object.keys(isObject(object.data) ? object.data : {}).length, 0, "integer"),
    age,
  ],
  namespaces: [column("Status", (object) => textAt(object, "status", "phase")), age],
  nodes: [
    column("Status", () => "Ready"),
    column("Roles", () => "<none>"),
    age,
    column("Version", (node) => textAt(node, "status", "nodeInfo", "kubeletVersion")),
  ],
  jobs: [
    column("Status", (job) => {
      const conditions = objectsAt(job, "status", "conditions").filter((entry) => entry.status === "True");
      if (conditions.some((entry) => entry.type === "Complete")) return "Complete";
      return conditions.some((entry) => entry.type === "Failed") ? "Failed" : "Running";
    }),
    column(
      "Completions",
      (job) => `${count(job, "status", "succeeded")}/${count(job, "spec", "completions")}`,
    ),
    age,
  ],
  events: [
    column("Last Seen", (event) => since(textAt(event, "lastTimestamp") || textAt(event, "eventTime"))),
    column("Type", (event) => textAt(event, "type")),
    column("Reason", (event) => textAt(event, "reason")),
    column("Object", (event) => {
      const kind = textAt(event, "involvedObject", "kind").toLowerCase();
      return `${kind}/${textAt(event, "involvedObject", "name")}`;
    }),
    column("Message", (event) => textAt(event, "message")),
  ],
};

function podStatus(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp) return "Terminating";
  for (const status of objectsAt(pod, "status", "containerStatuses")) {
    const reason =
      textAt(status, "state", "waiting", "reason") || textAt(status, "state", "terminated", "reason");
    if (reason !== "") return reason;
  }
  return textAt(pod, "status", "phase");
}

function since(time: string | undefined): string {
  if (!time) return "<unknown>";
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(time)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 600) return `${Math.floor(seconds / 60)}m${seconds % 60 === 0 ? "" : `${seconds % 60}s`}`;
  if (seconds < 10_800) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

/** The Table form that `kubectl get` prints. */
export function tableOf(resource: Resource, objects: KubeObject[], metadata: JsonObject): JsonObject {
  const columns = COLUMNS[resource.name] ?? [
    column("Created At", (object) => object.metadata.creationTimestamp ?? ""),
  ];
  const name: Column = column("Name", (object) => object.metadata.name);
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: [name, ...columns].map((entry) => ({
      name: entry.name,
      type: entry.type,
      format: entry.name === "Name" ? "name" : "",
      description: entry.name,
      priority: entry.priority,
    })),
    rows: objects.map((object) => ({
      cells: [name, ...columns].map((entry) => entry.cell(object)),
      object: metadataOnly(object),
    })),
  };
}

export function metadataOnly(object: KubeObject): JsonObject {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata };
}
