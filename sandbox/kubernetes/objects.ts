import type { Json, JsonObject } from "./json.ts";
import { get, isObject } from "./json.ts";

export interface OwnerReference extends JsonObject {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ManagedFieldsEntry extends JsonObject {
  manager: string;
  operation: string;
  apiVersion: string;
  time?: string;
  fieldsType: string;
  fieldsV1: JsonObject;
  subresource?: string;
}

export interface Metadata extends JsonObject {
  name: string;
  namespace?: string;
  generateName?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFieldsEntry[];
}

/** Any API object. The body below metadata has passed the type table of schema.ts, but stays JSON here. */
export interface KubeObject extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
}

/** Whether JSON has the frame of an object: apiVersion, kind, metadata.name. */
export function isKubeObject(value: Json | undefined): value is KubeObject {
  return (
    isObject(value) &&
    typeof value.apiVersion === "string" &&
    typeof value.kind === "string" &&
    isObject(value.metadata) &&
    typeof value.metadata.name === "string"
  );
}

/** The reference of the owner that manages the object, if any. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return (object.metadata.ownerReferences ?? []).find((owner) => owner.controller === true);
}

/** A reference by which `owner` manages what it creates. */
export function ownedBy(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
}

const TOP = ["kind", "apiVersion", "metadata", "spec"];
const META = [
  "name",
  "generateName",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "labels",
  "annotations",
  "ownerReferences",
  "finalizers",
  "managedFields",
];

/** The object with its keys in the order a Go server writes them: readers of raw text like it so. */
export function ordered<T extends JsonObject>(object: T): T {
  const result = inOrder(object, TOP);
  if (isObject(result.metadata)) Object.assign(result, { metadata: inOrder(result.metadata, META) });
  return result;
}

function inOrder<T extends JsonObject>(object: T, first: string[]): T {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  const rank = (key: string) => {
    const place = first.indexOf(key);
    return place < 0 ? (key === "status" ? first.length + 1 : first.length) : place;
  };
  entries.sort(([a], [b]) => rank(a) - rank(b));
  const result = { ...object };
  for (const key of Object.keys(result)) delete result[key];
  return Object.assign(result, Object.fromEntries(entries));
}

/** Whether a condition of this type has status True. */
export function hasCondition(object: KubeObject, type: string): boolean {
  const conditions = get(object, "status", "conditions");
  return (
    Array.isArray(conditions) && conditions.some((c) => isObject(c) && c.type === type && c.status === "True")
  );
}

/** The current time as the API writes it: whole seconds, UTC. */
export function now(): string {
  return stamp(Date.now());
}

export function stamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
