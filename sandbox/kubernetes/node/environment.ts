import type { JsonObject } from "../json.ts";
import { get, isObject, objectsAt, stringsAt, textAt } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import type { Resource } from "../resources.ts";
import { kinds } from "../resources.ts";
import type { Store } from "../store.ts";

/** A container cannot be made because something it refers to is missing: CreateContainerConfigError. */
export class ConfigError extends Error {}

/** The entries of a ConfigMap or Secret as text; undefined when it is missing but optional. */
export function entriesOf(
  store: Store,
  resource: Resource,
  namespace: string,
  source: JsonObject,
  name: string,
): Record<string, string> | undefined {
  const found = store.get(resource, namespace, name);
  if (!found) {
    if (source.optional === true) return undefined;
    throw new ConfigError(`${resource === kinds.secrets ? "secret" : "configmap"} "${name}" not found`);
  }
  const entries = stringsAt(found, "data");
  if (resource === kinds.secrets) {
    for (const [key, value] of Object.entries(entries))
      entries[key] = Buffer.from(value, "base64").toString("utf8");
  }
  for (const [key, value] of Object.entries(stringsAt(found, "binaryData"))) {
    entries[key] = Buffer.from(value, "base64").toString("latin1");
  }
  return entries;
}

/** The environment the pod's spec asks for, over what the image brings. Throws a ConfigError. */
export function environmentOf(
  store: Store,
  pod: KubeObject,
  container: JsonObject,
  imageEnv: string[],
): Record<string, string> {
  const namespace = pod.metadata.namespace ?? "";
  const env: Record<string, string> = {};
  for (const line of imageEnv) {
    const at = line.indexOf("=");
    if (at > 0) env[line.slice(0, at)] = line.slice(at + 1);
  }
  env.HOSTNAME = pod.metadata.name;
  for (const from of objectsAt(container, "envFrom")) {
    const prefix = textAt(from, "prefix");
    for (const [field, resource] of [
      ["configMapRef", kinds.configmaps],
      ["secretRef", kinds.secrets],
    ] as const) {
      const source = from[field];
      if (!isObject(source)) continue;
      const entries = entriesOf(store, resource, namespace, source, textAt(source, "name")) ?? {};
      for (const [key, value] of Object.entries(entries)) env[prefix + key] = value;
    }
  }
  for (const variable of objectsAt(container, "env")) {
    const name = textAt(variable, "name");
    const value = isObject(variable.valueFrom)
      ? valueFrom(store, pod, container, variable.valueFrom)
      : expand(textAt(variable, "value"), env);
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** Replaces `$(NAME)` by what is known; `$$(NAME)` is the escaped form. */
export function expand(text: string, env: Record<string, string>): string {
  return text.replace(/\$\$|\$\(([\w.-]+)\)/g, (whole, name?: string) =>
    name === undefined ? "$" : (env[name] ?? whole),
  );
}

function valueFrom(
  store: Store,
  pod: KubeObject,
  container: JsonObject,
  source: JsonObject,
): string | undefined {
  const namespace = pod.metadata.namespace ?? "";
  for (const [field, resource] of [
    ["configMapKeyRef", kinds.configmaps],
    ["secretKeyRef", kinds.secrets],
  ] as const) {
    const reference = source[field];
    if (!isObject(reference)) continue;
    const name = textAt(reference, "name");
    const key = textAt(reference, "key");
    const entries = entriesOf(store, resource, namespace, reference, name);
    const value = entries?.[key];
    if (value === undefined && reference.optional !== true) {
      const kind = resource === kinds.secrets ? "Secret" : "ConfigMap";
      throw new ConfigError(`couldn't find key ${key} in ${kind} ${namespace}/${name}`);
    }
    return value;
  }
  if (isObject(source.fieldRef)) return podField(pod, textAt(source.fieldRef, "fieldPath"));
  if (isObject(source.resourceFieldRef)) {
    const [, part = "", name = ""] = textAt(source.resourceFieldRef, "resource").split(
      /^(limits|requests)\./,
    );
    return stringsAt(container, "resources", part)[name] ?? "0";
  }
  return undefined;
}

function podField(pod: KubeObject, path: string): string {
  const key = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (key) return stringsAt(pod, "metadata", key[1] ?? "")[key[2] ?? ""] ?? "";
  const value = get(pod, ...path.split("."));
  return value === undefined || value === null || isObject(value) ? "" : String(value);
}
