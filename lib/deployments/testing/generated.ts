import { configMap, daemonSet, deployment, job, service, statefulSet, templateOf } from "./templates.ts";

type Json = Record<string, unknown>;

/** Numbers that look random and are the same in every run (mulberry32). */
function seeded(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (count: number) => Math.floor(next() * count);
  return {
    /** With this probability, what `make` gives; nothing otherwise. */
    maybe: <Value>(chance: number, make: () => Value): Value | undefined =>
      next() < chance ? make() : undefined,
    pick: <Value>(first: Value, ...rest: Value[]): Value => rest[below(rest.length + 1) - 1] ?? first,
    below,
  };
}
type Dice = ReturnType<typeof seeded>;

/** Drops what is undefined, so that a part that was not drawn is not there at all. */
const plain = (object: Json): Json =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/** The same amounts in several spellings: the server answers with one of its own. */
const cpu = (dice: Dice) => dice.pick<unknown>("500m", 0.5, "1", 1, "1500m", "1.5");
const memory = (dice: Dice) => dice.pick("1024Mi", "1Gi", "1.5Gi", "1536Mi", "1e9", "512M");
const little = (dice: Dice) => ({
  cpu: dice.pick<unknown>("10m", 0.05, "0.01"),
  memory: dice.pick("32Mi", "33554432", "32768Ki"),
});
const resources = (dice: Dice) =>
  plain({
    requests: little(dice),
    limits: dice.maybe(0.7, () => ({ cpu: cpu(dice), memory: memory(dice) })),
  });

// Never answered within a test: probes that are asked at once run a program that is always there.
const exec = (dice: Dice) =>
  plain({
    exec: { command: ["true"] },
    periodSeconds: dice.pick(10, 20),
    timeoutSeconds: dice.maybe(0.5, () => 5),
  });
const late = (dice: Dice) =>
  plain({
    ...dice.pick<Json>(
      { httpGet: { path: "/healthz", port: "http", httpHeaders: [{ name: "X-Probe", value: "1" }] } },
      { tcpSocket: { port: 8080 } },
      { grpc: { port: 8080 } },
    ),
    initialDelaySeconds: 600,
    failureThreshold: dice.maybe(0.5, () => 5),
  });

function environment(name: string, dice: Dice): Json[] {
  const config = { name: `${name}-config`, key: "level" };
  return [
    { name: "PLAIN", value: dice.pick("yes", "1.50", "", "多字节 ✓", 'quote " and \\ back') },
    ...(dice.maybe(0.5, () => [{ name: "LEVEL", valueFrom: { configMapKeyRef: config } }]) ?? []),
    ...(dice.maybe(0.4, () => [{ name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }]) ??
      []),
    ...(dice.maybe(0.3, () => [
      { name: "CPUS", valueFrom: { resourceFieldRef: { containerName: "app", resource: "requests.cpu" } } },
    ]) ?? []),
  ];
}

function mainContainer(name: string, dice: Dice, command: string[]): Json {
  return plain({
    command,
    env: environment(name, dice),
    envFrom: dice.maybe(0.4, () => [
      { configMapRef: { name: `${name}-config` } },
      { prefix: "OPT_", secretRef: { name: "not-there", optional: true } },
    ]),
    ports: [
      { name: "http", containerPort: 8080 },
      ...(dice.maybe(0.5, () => [{ containerPort: 9090, protocol: "UDP" }]) ?? []),
    ],
    resources: dice.maybe(0.8, () => resources(dice)),
    imagePullPolicy: dice.maybe(0.2, () => "IfNotPresent"),
    securityContext: dice.maybe(0.5, () => ({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: dice.pick(true, false),
      capabilities: { drop: ["ALL"] },
    })),
    volumeMounts: [
      { name: "scratch", mountPath: "/scratch" },
      ...(dice.maybe(0.5, () => [{ name: "scratch", mountPath: "/cache", subPath: "cache" }]) ?? []),
    ],
  });
}

function podParts(name: string, dice: Dice): Json {
  return plain({
    volumes: [
      {
        name: "scratch",
        emptyDir: dice.pick<Json>({}, { sizeLimit: "0.5Gi" }, { medium: "Memory", sizeLimit: "64Mi" }),
      },
      ...(dice.maybe(0.4, () => [
        { name: "config", configMap: { name: `${name}-config`, items: [{ key: "level", path: "level" }] } },
      ]) ?? []),
      ...(dice.maybe(0.2, () => [
        {
          name: "about",
          downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] },
        },
      ]) ?? []),
    ],
    initContainers: dice.maybe(0.3, () => [{ name: "prepare", image: "{image}", command: ["true"] }]),
    tolerations: dice.maybe(0.4, () => [{ key: "dedicated", operator: "Exists", effect: "NoSchedule" }]),
    affinity: dice.maybe(0.3, () => ({
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 50,
            podAffinityTerm: {
              topologyKey: "kubernetes.io/hostname",
              labelSelector: { matchLabels: { app: name } },
            },
          },
        ],
      },
    })),
    topologySpreadConstraints: dice.maybe(0.2, () => [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { app: name } },
      },
    ]),
    securityContext: dice.maybe(0.3, () => ({ runAsNonRoot: true, runAsUser: 1000, fsGroup: 2000 })),
    hostAliases: dice.maybe(0.2, () => [{ ip: "10.0.0.9", hostnames: ["ledger.example.com"] }]),
    dnsConfig: dice.maybe(0.2, () => ({ options: [{ name: "ndots", value: "2" }] })),
    terminationGracePeriodSeconds: dice.pick(0, 1),
  });
}

function workload(name: string, { kind, recreate }: Fixed, dice: Dice): Json {
  const pod = podParts(name, dice);
  const sidecar = dice.maybe(0.3, () => ({ name: "side", image: "{image}", command: ["sleep", "3600"] }));
  const app = { name: "app", image: "{image}", ...mainContainer(name, dice, ["sleep", "3600"]) };
  const probed = plain({
    ...app,
    readinessProbe: dice.maybe(0.5, () => exec(dice)),
    livenessProbe: dice.maybe(0.4, () => late(dice)),
    startupProbe: dice.maybe(0.2, () => exec(dice)),
  });
  const parts = { pod: { ...pod, containers: sidecar ? [probed, sidecar] : [probed] } };
  const limit = dice.maybe(0.4, () => 3);
  const seconds = dice.maybe(0.3, () => 1);
  switch (kind) {
    case "StatefulSet": {
      const spec = plain({
        podManagementPolicy: "Parallel",
        revisionHistoryLimit: limit,
        minReadySeconds: seconds,
      });
      return statefulSet(name, { ...parts, spec });
    }
    case "DaemonSet":
      return daemonSet(name, {
        ...parts,
        spec: plain({ revisionHistoryLimit: limit, minReadySeconds: seconds }),
      });
    case "Job":
      return job(name, {
        pod: { ...pod, containers: [{ ...app, command: ["true"] }] },
        spec: plain({ backoffLimit: limit }),
      });
    case "CronJob": {
      const { spec } = job(name, { pod: { ...pod, containers: [app] } });
      const schedule = "0 3 1 1 *";
      return {
        apiVersion: "batch/v1",
        kind: "CronJob",
        metadata: { name },
        spec: plain({ schedule, concurrencyPolicy: dice.maybe(0.5, () => "Forbid"), jobTemplate: { spec } }),
      };
    }
    default: {
      const rolling = dice.pick<Json>({ maxSurge: "25%", maxUnavailable: 0 }, { maxSurge: 1 });
      const strategy = recreate ? { type: "Recreate" } : dice.maybe(0.5, () => ({ rollingUpdate: rolling }));
      // The autoscaler of some owns the number of replicas.
      const spec = plain({ strategy, revisionHistoryLimit: limit, minReadySeconds: seconds });
      return deployment(name, {
        ...parts,
        spec,
        metadata:
          dice.maybe(0.4, () => ({
            annotations: { "example.com/team": "核心 core", "example.com/empty": "" },
          })) ?? {},
      });
    }
  }
}

/** What cannot be changed in an object that is there; to Recreate, say, only by naming what has to go. */
const fixedOf = (dice: Dice) => ({
  recreate: dice.pick(true, false, false),
  kind: dice.pick("Deployment", "Deployment", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"),
  service: dice.pick<Json>({}, { clusterIP: "None" }, { sessionAffinity: "ClientIP" }, { type: "NodePort" }),
  storage: dice.pick("0.5Gi", "512Mi", "1.5Gi"),
});
type Fixed = ReturnType<typeof fixedOf>;

/** Objects around a workload, some of each kind that a template may make. */
function around(name: string, fixed: Fixed, dice: Dice): Json[] {
  const scaled = fixed.kind === "Deployment" && dice.maybe(0.5, () => true);
  const metadata = { name };
  return [
    configMap(
      `${name}-config`,
      plain({ level: dice.pick("info", "debug"), note: dice.maybe(0.5, () => "first\nsecond\n") }),
    ),
    dice.maybe(0.6, () => service(name, fixed.service)),
    scaled && {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
        minReplicas: 1,
        maxReplicas: dice.pick(3, 5),
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
          },
        ],
      },
    },
    dice.maybe(0.3, () => ({
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      spec: { maxUnavailable: dice.pick<unknown>(1, "25%"), selector: { matchLabels: { app: name } } },
    })),
    dice.maybe(0.3, () => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name, annotations: { "example.com/rewrite": "/" } },
      spec: {
        rules: [
          {
            host: `${name}.example.com`,
            http: {
              paths: [
                { path: "/", pathType: "Prefix", backend: { service: { name, port: { number: 80 } } } },
              ],
            },
          },
        ],
        ...dice.maybe(0.5, () => ({ tls: [{ hosts: [`${name}.example.com`], secretName: `${name}-tls` }] })),
      },
    })),
    dice.maybe(0.3, () => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata,
      spec: {
        podSelector: { matchLabels: { app: name } },
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 8080 }] }],
      },
    })),
    dice.maybe(0.2, () => ({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata,
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: fixed.storage } } },
    })),
    dice.maybe(0.2, () => ({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata,
      automountServiceAccountToken: false,
    })),
    dice.maybe(0.2, () => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: `${name}-empty` },
      type: "Opaque",
    })),
  ].filter((object) => object !== undefined && object !== false);
}

/**
 * The template of a generated component: a workload and what may stand around it. The same numbers give the same text;
 * another edition of the same seed draws anew what can be changed in place, and which objects there are.
 */
export function generatedTemplate(name: string, seed: number, edition: number): string {
  const fixed = fixedOf(seeded(seed));
  const dice = seeded(seed * 1000 + edition);
  const main = workload(name, fixed, dice);
  return templateOf(...around(name, fixed, dice), main);
}
