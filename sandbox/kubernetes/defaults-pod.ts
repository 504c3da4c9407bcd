import type { JsonObject } from "./json.ts";
import { child, isObject, objectsAt, setDefault, textAt } from "./json.ts";

/** Defaults of `spec.template` in a workload (in place). */
export function defaultTemplate(spec: JsonObject): void {
  const template = child(spec, "template");
  child(template, "metadata");
  defaultPodSpec(child(template, "spec"));
}

/** What only pods get, not their templates: a limit without a request is requested (in place). */
export function defaultRequests(spec: JsonObject): void {
  for (const container of [...objectsAt(spec, "initContainers"), ...objectsAt(spec, "containers")]) {
    const resources = child(container, "resources");
    if (!isObject(resources.limits)) continue;
    const requests = child(resources, "requests");
    for (const [name, limit] of Object.entries(resources.limits)) {
      if (limit !== undefined) setDefault(requests, name, limit);
    }
  }
}

/** Defaults of a pod spec (in place). */
export function defaultPodSpec(spec: JsonObject): void {
  for (const volume of objectsAt(spec, "volumes")) defaultVolume(volume);
  for (const container of objectsAt(spec, "initContainers")) defaultContainer(container);
  for (const container of objectsAt(spec, "containers")) defaultContainer(container);
  setDefault(spec, "restartPolicy", "Always");
  setDefault(spec, "terminationGracePeriodSeconds", 30);
  setDefault(spec, "dnsPolicy", "ClusterFirst");
  const account = textAt(spec, "serviceAccountName") || textAt(spec, "serviceAccount");
  if (account !== "") {
    spec.serviceAccountName = account;
    spec.serviceAccount = account;
  }
  child(spec, "securityContext");
  setDefault(spec, "schedulerName", "default-scheduler");
}

function defaultContainer(container: JsonObject): void {
  for (const port of objectsAt(container, "ports")) setDefault(port, "protocol", "TCP");
  for (const variable of objectsAt(container, "env")) {
    const from = variable.valueFrom;
    if (isObject(from) && isObject(from.fieldRef)) setDefault(from.fieldRef, "apiVersion", "v1");
  }
  child(container, "resources");
  setDefault(container, "terminationMessagePath", "/dev/termination-log");
  setDefault(container, "terminationMessagePolicy", "File");
  const image = textAt(container, "image");
  if (image !== "") {
    const tag = /:([\w.-]+)$/.exec(image)?.[1];
    const floating = !image.includes("@") && (tag === undefined || tag === "latest");
    setDefault(container, "imagePullPolicy", floating ? "Always" : "IfNotPresent");
  }
  for (const name of ["livenessProbe", "readinessProbe", "startupProbe"]) {
    const probe = container[name];
    if (isObject(probe)) defaultProbe(probe);
  }
}

function defaultProbe(probe: JsonObject): void {
  if (isObject(probe.httpGet)) {
    setDefault(probe.httpGet, "path", "/");
    setDefault(probe.httpGet, "scheme", "HTTP");
  }
  setDefault(probe, "timeoutSeconds", 1);
  setDefault(probe, "periodSeconds", 10);
  setDefault(probe, "successThreshold", 1);
  setDefault(probe, "failureThreshold", 3);
}

function defaultVolume(volume: JsonObject): void {
  for (const source of ["configMap", "secret", "downwardAPI", "projected"]) {
    const value = volume[source];
    if (isObject(value)) setDefault(value, "defaultMode", 420);
  }
  if (isObject(volume.hostPath)) setDefault(volume.hostPath, "type", "");
  const named = Object.keys(volume).filter((key) => key !== "name");
  if (named.length === 0) volume.emptyDir = {};
}
