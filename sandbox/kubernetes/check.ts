import { elementOf } from "./apply/elements.ts";
import { showKey } from "./apply/fieldset.ts";
import type { Json } from "./json.ts";
import { isObject } from "./json.ts";
import type { Scalar, Type } from "./schema.ts";
import { ANY, childType } from "./schema.ts";

/**
 * What a strict decoder would say of fields the type does not have; they are dropped (in place), as Go does.
 * Answers paths such as `spec.containers[0].imagePullPolice`, depth first like the decoder.
 */
export function dropUnknown(value: Json | undefined, type: Type, path = ""): string[] {
  const found: string[] = [];
  if (Array.isArray(value) && type.kind === "list") {
    value.forEach((item, index) => {
      found.push(...dropUnknown(item, type.element, `${path}[${index}]`));
    });
  } else if (isObject(value) && (type.kind === "struct" || type.kind === "map")) {
    for (const key of Object.keys(value)) {
      const below = childType(type, key);
      const here = path === "" ? key : `${path}.${key}`;
      if (below) found.push(...dropUnknown(value[key], below, here));
      else {
        found.push(here);
        delete value[key];
      }
    }
  }
  return found;
}

/** The first value a Go decoder could not put into its field; undefined when all fit. */
export function decodeProblem(
  value: Json | undefined,
  type: Type,
  owner = "",
  path = "",
): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (type.kind === "scalar") {
    const wanted = mismatch(value, type.scalar);
    if (!wanted) return undefined;
    return `json: cannot unmarshal ${goKind(value)} into Go struct field ${owner}.${path} of type ${wanted}`;
  }
  if (type.kind === "list") {
    if (!Array.isArray(value)) return unmarshal(value, owner, path, `[]${goType(type.element)}`);
    for (const item of value) {
      const problem = decodeProblem(item, type.element, owner, path);
      if (problem) return problem;
    }
    return undefined;
  }
  if (!isObject(value)) return unmarshal(value, owner, path, type.kind === "map" ? "map[string]" : type.name);
  for (const [key, item] of Object.entries(value)) {
    const below = childType(type, key);
    const name = type.kind === "struct" ? (type.name.split(".").at(-1) ?? "") : owner;
    const problem = below && decodeProblem(item, below, name, path === "" ? key : `${path}.${key}`);
    if (problem) return problem;
  }
  return undefined;
}

function unmarshal(value: Json, owner: string, path: string, wanted: string): string {
  return `json: cannot unmarshal ${goKind(value)} into Go struct field ${owner}.${path} of type ${wanted}`;
}

function goType(type: Type): string {
  if (type.kind === "struct") return `v1.${type.name.split(".").at(-1)}`;
  return type.kind === "scalar" ? (type.scalar === "integer" ? "int32" : type.scalar) : "";
}

function goKind(value: Json): string {
  if (Array.isArray(value)) return "array";
  if (isObject(value)) return "object";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** The Go type the value should have had, or undefined when it fits. */
function mismatch(value: Json, scalar: Scalar): string | undefined {
  if (scalar === "any") return undefined;
  if (scalar === "string") return typeof value === "string" ? undefined : "string";
  if (scalar === "boolean") return typeof value === "boolean" ? undefined : "bool";
  if (scalar === "integer") return Number.isInteger(value) ? undefined : "int32";
  if (scalar === "number") return typeof value === "number" ? undefined : "float64";
  if (scalar === "time") return typeof value === "string" ? undefined : "Time";
  return typeof value === "string" || typeof value === "number" ? undefined : scalar;
}

/** What server-side apply says of a configuration that does not fit the schema: one line per problem. */
export function typedProblems(value: Json | undefined, type: Type, path = ""): string[] {
  if (value === null || value === undefined) return [];
  if (type.kind === "list") {
    if (!Array.isArray(value)) return [`${path}: expected list, got ${showGo(value)}`];
    const seen = new Set<string>();
    return value.flatMap((item, index) => {
      if (type.list === "atomic") return typedProblems(item, type.element, `${path}[${index}]`);
      if (type.list === "map" && !isObject(item)) {
        return [`${path}: element ${index}: associative list with keys may not have non-map elements`];
      }
      const element = elementOf(type, item);
      // Without its key an item is left to validation, which knows a better word for it.
      if (element === undefined) return typedProblems(item, type.element, `${path}[${index}]`);
      const shown = type.list === "set" ? `[=${element.slice(2)}]` : `[${showKey(element.slice(2))}]`;
      if (seen.has(element)) return [`${path}: duplicate entries for key ${shown}`];
      seen.add(element);
      return typedProblems(item, type.element, `${path}${shown}`);
    });
  }
  if (type.kind === "scalar") {
    const wanted = mismatch(value, type.scalar);
    if (!wanted) return [];
    const got =
      type.scalar === "boolean"
        ? showGo(value)
        : typeof value === "string"
          ? "string"
          : `&value.valueUnstructured{Value:${JSON.stringify(value)}}`;
    return [`${path}: expected ${smdName(type.scalar)}, got ${got}`];
  }
  if (!isObject(value)) return [`${path}: expected map, got ${showGo(value)}`];
  // The first unknown field ends the look at its object, so what lies beside it is not told.
  const unknown = Object.keys(value).find((key) => !childType(type, key));
  if (unknown !== undefined) return [`${path}.${unknown}: field not declared in schema`];
  return Object.entries(value).flatMap(([key, item]) =>
    typedProblems(item, childType(type, key) ?? ANY, `${path}.${key}`),
  );
}

function smdName(scalar: Scalar): string {
  if (scalar === "integer" || scalar === "number") return "numeric (int or float)";
  return scalar === "time" ? "string" : scalar;
}

function showGo(value: Json): string {
  return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : `&{${String(value)}}`;
}
