import { errors } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import { child, equal, isObject, objectsAt, setDefault, stringsAt, textAt } from "./json.ts";
import { randomName } from "./names.ts";
import type { KubeObject } from "./objects.ts";
import { canonicalQuantity, quantityValue } from "./quantity.ts";
import type { Resource } from "./resources.ts";
import { kinds, resources } from "./resources.ts";
import type { Store } from "./store.ts";

const ACCOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

/** What the admission plugins add to every new pod: service account and its token volume, tolerations, priority. */
export function admitPod(pod: KubeObject): void {
  const spec = child(pod, "spec");
  const account = textAt(spec, "serviceAccountName") || "default";
  spec.serviceAccountName = account;
  spec.serviceAccount = account;
  if (spec.automountServiceAccountToken !== false) mountAccount(spec);
  setDefault(spec, "preemptionPolicy", "PreemptLowerPriority");
  setDefault(spec, "priority", 0);
  const tolerations = objectsAt(spec, "tolerations");
  for (const key of ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]) {
    if (tolerations.some((toleration) => toleration.key === key)) continue;
    tolerations.push({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 });
  }
  spec.tolerations = tolerations;
}

function mountAccount(spec: JsonObject): void {
  const volumes = objectsAt(spec, "volumes");
  if (volumes.some((volume) => textAt(volume, "name").startsWith("kube-api-access-"))) return;
  const name = `kube-api-access-${randomName(5)}`;
  const namespaceField = {
    path: "namespace",
    fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" },
  };
  volumes.push({
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        { downwardAPI: { items: [namespaceField] } },
      ],
      defaultMode: 420,
    },
  });
  spec.volumes = volumes;
  for (const container of [...objectsAt(spec, "initContainers"), ...objectsAt(spec, "containers")]) {
    const mounts = objectsAt(container, "volumeMounts");
    if (mounts.some((mount) => mount.mountPath === ACCOUNT_PATH)) continue;
    container.volumeMounts = [...mounts, { name, readOnly: true, mountPath: ACCOUNT_PATH }];
  }
}

/** Refuses an object that would take a ResourceQuota of its namespace over its limits. */
export function refuseOverQuota(store: Store, resource: Resource, object: KubeObject): void {
  const namespace = object.metadata.namespace ?? "";
  if (namespace === "") return;
  const request = usage(resource, object);
  for (const quota of store.list(kinds.resourcequotas, namespace)) {
    const hard = Object.entries(stringsAt(quota, "spec", "hard")).filter(([name]) => name in request);
    const used = usedBy(store, resource, namespace);
    const over = hard.filter(
      ([name, limit]) => (used[name] ?? 0) + (request[name] ?? 0) > (quantityValue(limit) ?? 0),
    );
    if (over.length === 0) continue;
    const show = (amounts: Record<string, number>) =>
      over.map(([name]) => `${name}=${canonicalQuantity(amounts[name] ?? 0)}`).join(",");
    const limits = over.map(([name, limit]) => `${name}=${limit}`).join(",");
    throw errors.forbidden(
      resource,
      object.metadata.name,
      `exceeded quota: ${quota.metadata.name}, requested: ${show(request)}, used: ${show(used)}, limited: ${limits}`,
    );
  }
}

/** How much of everything that a quota can limit the namespace uses. */
export function usedIn(store: Store, namespace: string): Record<string, number> {
  const counted = resources.filter((resource) => resource.namespaced && resource.verbs.includes("list"));
  return Object.assign({}, ...counted.map((resource) => usedBy(store, resource, namespace)));
}

function usedBy(store: Store, resource: Resource, namespace: string): Record<string, number> {
  const used: Record<string, number> = {};
  for (const other of store.list(resource, namespace)) {
    if (["Succeeded", "Failed"].includes(textAt(other, "status", "phase"))) continue;
    for (const [name, amount] of Object.entries(usage(resource, other))) {
      used[name] = (used[name] ?? 0) + amount;
    }
  }
  return used;
}

/** Refuses a pod whose service account is not there; the default one is about to be made in a new namespace. */
export function refuseUnknownAccount(store: Store, pod: KubeObject): void {
  const { namespace = "", name } = pod.metadata;
  const account = textAt(pod, "spec", "serviceAccountName") || "default";
  if (account === "default" || store.get(kinds.serviceaccounts, namespace, account)) return;
  const message = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`;
  throw errors.forbidden(kinds.pods, name, message);
}

function usage(resource: Resource, object: KubeObject): Record<string, number> {
  const suffix = resource.group === "" ? "" : `.${resource.group}`;
  const amounts: Record<string, number> = { [`count/${resource.name}${suffix}`]: 1 };
  if (resource.group === "") amounts[resource.name] = 1;
  if (resource !== kinds.pods) return amounts;
  for (const container of objectsAt(object, "spec", "containers")) {
    for (const part of ["requests", "limits"]) {
      const resources = isObject(container.resources) ? container.resources : {};
      for (const [name, text] of Object.entries(stringsAt(resources, part))) {
        const key = `${part}.${name}`;
        amounts[key] = (amounts[key] ?? 0) + (quantityValue(text) ?? 0);
        if (part === "requests") amounts[name] = (amounts[name] ?? 0) + (quantityValue(text) ?? 0);
      }
    }
  }
  return amounts;
}

/** The quality of service class that requests and limits of all containers give. */
export function qosOf(pod: KubeObject): string {
  const spec = isObject(pod.spec) ? pod.spec : {};
  const containers = [...objectsAt(spec, "initContainers"), ...objectsAt(spec, "containers")];
  const parts = containers.map((container) => (isObject(container.resources) ? container.resources : {}));
  const count = (part: JsonObject, key: string) => Object.keys(isObject(part[key]) ? part[key] : {}).length;
  if (parts.every((part) => count(part, "requests") + count(part, "limits") === 0)) return "BestEffort";
  const guaranteed = parts.every(
    (part) =>
      isObject(part.limits) &&
      part.limits.cpu !== undefined &&
      part.limits.memory !== undefined &&
      equal(part.limits, part.requests),
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}
