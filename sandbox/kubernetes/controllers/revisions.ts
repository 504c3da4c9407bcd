import type { Json, JsonObject } from "../json.ts";
import { clone, get, isObject } from "../json.ts";
import type { KubeObject } from "../objects.ts";

export const HASH = "pod-template-hash";
export const REVISION = "deployment.kubernetes.io/revision";
export const DESIRED = "deployment.kubernetes.io/desired-replicas";
export const MAXIMUM = "deployment.kubernetes.io/max-replicas";
/** Annotations that say something of the Deployment itself and are not handed down. */
export const OWN = ["kubectl.kubernetes.io/last-applied-configuration", REVISION, DESIRED, MAXIMUM];

/** The revision a ReplicaSet bears; 0 before it has one. */
export function revisionOf(set: KubeObject): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

/** A template as the Deployment has it, without the label that tells its ReplicaSets apart. */
export function withoutHash(template: Json | undefined): Json | undefined {
  if (!isObject(template)) return template;
  const copy = clone(template);
  const labels = get(copy, "metadata", "labels");
  if (isObject(labels)) delete labels[HASH];
  return copy;
}

export function strings(map: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** JSON with sorted keys: the same template gives the same hash whatever order it came in. */
export function stable(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entry]) => `${JSON.stringify(key)}:${stable(entry)}`)
    .join(",")}}`;
}
