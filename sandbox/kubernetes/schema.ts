import { readFileSync } from "node:fs";
import type { Json, JsonObject } from "./json.ts";

export type Scalar = "string" | "integer" | "number" | "boolean" | "quantity" | "intstr" | "time" | "any";

/** How server-side apply and the decoder look at a value. */
export type Type =
  | { kind: "scalar"; scalar: Scalar }
  | { kind: "struct"; name: string; atomic: boolean }
  | { kind: "map"; element: Type; atomic: boolean }
  | { kind: "list"; element: Type; list: "atomic" | "set" | "map"; keys: string[] };

export interface Field {
  type: Type;
  /** `{}` marks a Go struct that is always there; a string is the default of a list key. */
  default?: Json;
  /** Merge key of strategic merge patch; "" for lists of scalars that merge. */
  mergeKey?: string;
  retainKeys: boolean;
  required: boolean;
}

export const ANY: Type = { kind: "scalar", scalar: "any" };

const SCALARS: Record<string, Scalar> = {
  string: "string",
  integer: "integer",
  number: "number",
  boolean: "boolean",
  quantity: "quantity",
  intstr: "intstr",
  time: "time",
  any: "any",
};

const definitions = new Map<string, Map<string, Field>>();
const atomicDefinitions = new Set<string>();
const kinds = new Map<string, string>();

for (const line of readFileSync(new URL("./schema/types.txt", import.meta.url), "utf8").split("\n")) {
  if (line === "" || line.startsWith("#")) continue;
  const [head = "", ...fields] = line.split(" ");
  if (head === "kind") {
    const [apiVersion = "", kind = "", definition = ""] = fields;
    kinds.set(`${apiVersion} ${kind}`, definition);
    continue;
  }
  const name = head.replace(/!$/, "");
  if (head.endsWith("!")) atomicDefinitions.add(name);
  definitions.set(name, new Map(fields.map(readField)));
}

function readField(text: string): [string, Field] {
  const match = /^([^:]+):(.+?)(?:=(\{\}|"[^"]*"|[\w.-]+))?(@\w*)?(~)?(\*)?$/.exec(text);
  const [, name = "", type = "any", initial, merge, retain, required] = match ?? [];
  const field: Field = { type: readType(type), retainKeys: retain === "~", required: required === "*" };
  if (initial !== undefined) field.default = JSON.parse(initial);
  if (merge !== undefined) field.mergeKey = merge.slice(1);
  return [name, field];
}

function readType(text: string): Type {
  const list = /^\[(.+)\](?:\{(.+)\}|(set))?$/.exec(text);
  if (list) {
    const [, element = "any", keys, set] = list;
    return {
      kind: "list",
      element: readType(element),
      list: keys ? "map" : set ? "set" : "atomic",
      keys: keys?.split(",").sort() ?? [],
    };
  }
  const map = /^<(.+)>(!?)$/.exec(text);
  if (map) return { kind: "map", element: readType(map[1] ?? "any"), atomic: map[2] === "!" };
  const scalar = SCALARS[text];
  if (scalar) return { kind: "scalar", scalar };
  return { kind: "struct", name: text.replace(/!$/, ""), atomic: text.endsWith("!") };
}

/** The type of an object's body, or undefined for a kind that is not served. */
export function typeOf(apiVersion: string, kind: string): Type | undefined {
  const name = kinds.get(`${apiVersion} ${kind}`);
  return name === undefined ? undefined : { kind: "struct", name, atomic: false };
}

/** The fields of a struct type; empty for anything else. */
export function fieldsOf(type: Type): Map<string, Field> {
  return (type.kind === "struct" && definitions.get(type.name)) || new Map();
}

/** Whether a value of the type is one unit to server-side apply. */
export function isAtomic(type: Type): boolean {
  if (type.kind === "scalar") return true;
  if (type.kind === "list") return type.list === "atomic";
  return type.atomic || (type.kind === "struct" && atomicDefinitions.has(type.name));
}

/** The type of the child under `key`; undefined where the schema has no such field. */
export function childType(type: Type, key: string): Type | undefined {
  if (type.kind === "map") return type.element;
  if (type.kind === "scalar" && type.scalar === "any") return ANY;
  return fieldsOf(type).get(key)?.type;
}

/** An object's zero value as Go writes it: what bookmarks carry, and what a new object is compared with. */
export function zeroValue(type: Type): JsonObject {
  const zero: JsonObject = {};
  for (const [name, field] of fieldsOf(type)) {
    if (field.type.kind === "struct" && field.default !== undefined) zero[name] = zeroValue(field.type);
    else if (field.required) zero[name] = zeroScalar(field.type);
  }
  return zero;
}

function zeroScalar(type: Type): Json {
  if (type.kind !== "scalar") return null;
  if (type.scalar === "integer" || type.scalar === "number") return 0;
  return type.scalar === "boolean" ? false : type.scalar === "string" ? "" : null;
}
