import type { Manifest } from "../../ports.ts";
import type { World } from "./world.ts";

/** What a container does: by its command where it is run, by an annotation where nodes only pretend to. */
export type Behaviour = "serve" | "wait" | "talk" | "crash" | "oom" | "notready" | "succeed" | "fail";

const shell = (script: string) => ({ command: ["sh", "-c", script] });
const SERVE = { args: ["netexec", "--http-port=8080"], ports: [{ name: "http", containerPort: 8080 }] };
const CONTAINERS: Readonly<Record<Behaviour, Record<string, unknown>>> = {
  serve: SERVE,
  wait: shell("sleep 600"),
  talk: shell('i=0; while true; do i=$((i+1)); echo "line $i"; sleep 1; done'),
  crash: shell("echo going down; exit 1"),
  oom: {
    ...shell('echo filling; x=$(head -c 100000000 /dev/zero | tr "\\0" a); sleep 600'),
    resources: { limits: { memory: "64Mi" } },
  },
  notready: { ...shell("sleep 600"), readinessProbe: { exec: { command: ["false"] }, periodSeconds: 1 } },
  succeed: shell("echo done"),
  fail: shell("echo no; exit 1"),
};
const PRETENDED: Partial<Record<Behaviour, string>> = {
  crash: "crash",
  oom: "oom",
  notready: "notready",
  fail: "fail",
};

export type Parts = {
  behaviour?: Behaviour;
  image?: string;
  /** Beside or over what the behaviour brings. */
  container?: Record<string, unknown>;
  pod?: Record<string, unknown>;
  spec?: Record<string, unknown>;
  namespace?: string;
};

/** Manifests of the suite, in its namespace unless said otherwise. */
export function manifestsOf(world: World) {
  const template = (name: string, parts: Parts) => {
    const { behaviour = "wait", image = world.image, container, pod } = parts;
    const pretended = PRETENDED[behaviour];
    return {
      metadata: {
        labels: { app: name },
        ...(pretended ? { annotations: { "simulated-nodes/behavior": pretended } } : {}),
      },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [{ name: "app", image, ...CONTAINERS[behaviour], ...container }],
        ...pod,
      },
    };
  };
  const workload =
    (kind: string, fixed: (name: string) => Record<string, unknown> = () => ({})) =>
    (name: string, parts: Parts = {}): Manifest => ({
      apiVersion: "apps/v1",
      kind,
      metadata: { name, namespace: parts.namespace ?? world.namespace, labels: { app: name } },
      spec: {
        selector: { matchLabels: { app: name } },
        template: template(name, parts),
        ...fixed(name),
        ...parts.spec,
      },
    });
  const core = (
    kind: string,
    name: string,
    content: Record<string, unknown>,
    namespace = world.namespace,
  ): Manifest => ({ apiVersion: "v1", kind, metadata: { name, namespace }, ...content });
  return {
    deployment: workload("Deployment"),
    daemonSet: workload("DaemonSet"),
    statefulSet: workload("StatefulSet", (serviceName) => ({ serviceName })),
    job: (name: string, parts: Parts = {}): Manifest => ({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name, namespace: parts.namespace ?? world.namespace },
      spec: {
        template: template(name, { ...parts, pod: { restartPolicy: "Never", ...parts.pod } }),
        ...parts.spec,
      },
    }),
    pod: (name: string, parts: Parts = {}): Manifest => {
      const { metadata, spec } = template(name, parts);
      const namespace = parts.namespace ?? world.namespace;
      return { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, name, namespace }, spec };
    },
    configMap(
      name: string,
      data: Record<string, string>,
      labels?: Record<string, string>,
      namespace?: string,
    ): Manifest {
      const object = core("ConfigMap", name, { data }, namespace);
      return labels ? { ...object, metadata: { ...object.metadata, labels } } : object;
    },
    service: (name: string, ports: Record<string, unknown>[], app = name): Manifest =>
      core("Service", name, { spec: { selector: { app }, ports } }),
    quota: (name: string, hard: Record<string, string>, namespace: string): Manifest =>
      core("ResourceQuota", name, { spec: { hard } }, namespace),
    ref: (kind: string, name: string, namespace = world.namespace) => ({
      apiVersion: VERSIONS[kind] ?? "v1",
      kind,
      namespace,
      name,
    }),
    kind: (kind: string, namespace = world.namespace) => ({
      apiVersion: VERSIONS[kind] ?? "v1",
      kind,
      namespace,
    }),
  };
}

const VERSIONS: Readonly<Record<string, string>> = {
  Deployment: "apps/v1",
  ReplicaSet: "apps/v1",
  StatefulSet: "apps/v1",
  DaemonSet: "apps/v1",
  Job: "batch/v1",
  HorizontalPodAutoscaler: "autoscaling/v2",
  Role: "rbac.authorization.k8s.io/v1",
  RoleBinding: "rbac.authorization.k8s.io/v1",
};
