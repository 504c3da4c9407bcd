import { defaultPodSpec, defaultRequests, defaultTemplate } from "./defaults-pod.ts";
import type { JsonObject } from "./json.ts";
import { child, isObject, objectsAt, setDefault } from "./json.ts";
import type { KubeObject } from "./objects.ts";

/** Fills in what the real server fills in for absent fields (in place). Idempotent. */
export function applyDefaults(object: KubeObject): void {
  const fill = DEFAULTS[object.kind];
  if (fill) fill(child(object, "spec"), object);
  if (NO_SPEC[object.kind]) NO_SPEC[object.kind]?.(object);
}

const DEFAULTS: Record<string, (spec: JsonObject, object: KubeObject) => void> = {
  Pod: (spec) => {
    defaultPodSpec(spec);
    defaultRequests(spec);
    setDefault(spec, "enableServiceLinks", true);
  },
  Deployment: (spec) => {
    setDefault(spec, "replicas", 1);
    defaultTemplate(spec);
    const strategy = child(spec, "strategy");
    setDefault(strategy, "type", "RollingUpdate");
    if (strategy.type === "RollingUpdate") {
      const rolling = child(strategy, "rollingUpdate");
      setDefault(rolling, "maxUnavailable", "25%");
      setDefault(rolling, "maxSurge", "25%");
    }
    setDefault(spec, "revisionHistoryLimit", 10);
    setDefault(spec, "progressDeadlineSeconds", 600);
  },
  ReplicaSet: (spec) => {
    setDefault(spec, "replicas", 1);
    defaultTemplate(spec);
  },
  StatefulSet: (spec) => {
    setDefault(spec, "replicas", 1);
    defaultTemplate(spec);
    setDefault(spec, "podManagementPolicy", "OrderedReady");
    const strategy = child(spec, "updateStrategy");
    setDefault(strategy, "type", "RollingUpdate");
    if (strategy.type === "RollingUpdate") setDefault(child(strategy, "rollingUpdate"), "partition", 0);
    setDefault(spec, "revisionHistoryLimit", 10);
    const retention = child(spec, "persistentVolumeClaimRetentionPolicy");
    setDefault(retention, "whenDeleted", "Retain");
    setDefault(retention, "whenScaled", "Retain");
  },
  DaemonSet: (spec) => {
    defaultTemplate(spec);
    const strategy = child(spec, "updateStrategy");
    setDefault(strategy, "type", "RollingUpdate");
    if (strategy.type === "RollingUpdate") {
      const rolling = child(strategy, "rollingUpdate");
      setDefault(rolling, "maxUnavailable", 1);
      setDefault(rolling, "maxSurge", 0);
    }
    setDefault(spec, "revisionHistoryLimit", 10);
  },
  Job: defaultJobSpec,
  CronJob: (spec) => {
    setDefault(spec, "concurrencyPolicy", "Allow");
    setDefault(spec, "suspend", false);
    setDefault(spec, "successfulJobsHistoryLimit", 3);
    setDefault(spec, "failedJobsHistoryLimit", 1);
    const template = child(spec, "jobTemplate");
    child(template, "metadata");
    defaultTemplate(child(template, "spec"));
  },
  Service: defaultService,
  HorizontalPodAutoscaler: (spec) => {
    setDefault(spec, "minReplicas", 1);
    if (objectsAt(spec, "metrics").length === 0) {
      spec.metrics = [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
        },
      ];
    }
  },
  NetworkPolicy: (spec) => {
    setDefault(spec, "podSelector", {});
    setDefault(spec, "policyTypes", spec.egress === undefined ? ["Ingress"] : ["Ingress", "Egress"]);
  },
};

const NO_SPEC: Record<string, (object: KubeObject) => void> = {
  Secret: (object) => {
    setDefault(object, "type", "Opaque");
    if (isObject(object.stringData)) {
      const data = child(object, "data");
      for (const [key, value] of Object.entries(object.stringData)) {
        if (typeof value === "string") data[key] = Buffer.from(value).toString("base64");
      }
      delete object.stringData;
    }
  },
};

function defaultJobSpec(spec: JsonObject): void {
  setDefault(spec, "parallelism", 1);
  setDefault(spec, "completions", 1);
  setDefault(spec, "backoffLimit", 6);
  setDefault(spec, "completionMode", "NonIndexed");
  setDefault(spec, "suspend", false);
  setDefault(spec, "manualSelector", false);
  setDefault(spec, "podReplacementPolicy", "TerminatingOrFailed");
  defaultTemplate(spec);
}

/** Labels and selector by which a Job knows its pods; the server makes them up, so nobody owns them. */
export function generateJobSelector(job: KubeObject): void {
  const spec = child(job, "spec");
  const { uid = "", name } = job.metadata;
  if (spec.manualSelector === true) return;
  spec.selector = { matchLabels: { "batch.kubernetes.io/controller-uid": uid } };
  const labels = {
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": name,
    "controller-uid": uid,
    "job-name": name,
  };
  const meta = child(child(spec, "template"), "metadata");
  meta.labels = { ...labels, ...(isObject(meta.labels) ? meta.labels : {}) };
  job.metadata.labels ??= labels;
}

function defaultService(spec: JsonObject): void {
  setDefault(spec, "type", "ClusterIP");
  setDefault(spec, "sessionAffinity", "None");
  if (spec.type !== "ExternalName") {
    setDefault(spec, "internalTrafficPolicy", "Cluster");
  }
  if (spec.type === "NodePort" || spec.type === "LoadBalancer") {
    setDefault(spec, "externalTrafficPolicy", "Cluster");
  }
  if (spec.type === "LoadBalancer") setDefault(spec, "allocateLoadBalancerNodePorts", true);
  for (const port of objectsAt(spec, "ports")) {
    setDefault(port, "protocol", "TCP");
    if (port.targetPort === undefined && port.port !== undefined) port.targetPort = port.port;
  }
}
