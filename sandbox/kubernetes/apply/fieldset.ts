import type { JsonObject } from "../json.ts";
import { isObject } from "../json.ts";

/** A set of field paths as a tree. `member` says that the path ending here is itself in the set. */
export interface FieldSet {
  member: boolean;
  children: Map<string, FieldSet>;
}

/** A path: `f:name`, `k:{"name":"app"}`, `v:"x"` or `i:0` each. */
export type Path = string[];

export function emptySet(): FieldSet {
  return { member: false, children: new Map() };
}

export function insert(set: FieldSet, path: Path): void {
  let here = set;
  for (const element of path) {
    let next = here.children.get(element);
    if (!next) {
      next = emptySet();
      here.children.set(element, next);
    }
    here = next;
  }
  here.member = true;
}

export function isEmpty(set: FieldSet): boolean {
  return !set.member && [...set.children.values()].every(isEmpty);
}

/** Whether the path itself, or anything below it, is in the set. */
export function touches(set: FieldSet, path: Path): boolean {
  let here: FieldSet | undefined = set;
  for (const element of path) here = here?.children.get(element);
  return here !== undefined && !isEmpty(here);
}

export function has(set: FieldSet, path: Path): boolean {
  let here: FieldSet | undefined = set;
  for (const element of path) here = here?.children.get(element);
  return here?.member ?? false;
}

/** Combines two sets path by path. */
function combine(a: FieldSet, b: FieldSet, keep: (inA: boolean, inB: boolean) => boolean): FieldSet {
  const result: FieldSet = { member: keep(a.member, b.member), children: new Map() };
  for (const key of new Set([...a.children.keys(), ...b.children.keys()])) {
    const joined = combine(a.children.get(key) ?? emptySet(), b.children.get(key) ?? emptySet(), keep);
    if (!isEmpty(joined)) result.children.set(key, joined);
  }
  return result;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (inA, inB) => inA || inB);
}

export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (inA, inB) => inA && !inB);
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (inA, inB) => inA && inB);
}

/** Takes the path and everything below it out of the set (in place). */
export function removeTree(set: FieldSet, path: Path): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  const next = set.children.get(first);
  if (!next) return;
  if (rest.length === 0) set.children.delete(first);
  else {
    removeTree(next, rest);
    if (isEmpty(next)) set.children.delete(first);
  }
}

/** Every member path, parents before children, in the order the server lists conflicts. */
export function paths(set: FieldSet, prefix: Path = []): Path[] {
  const found: Path[] = [];
  const keys = [...set.children.keys()].sort();
  for (const key of keys) if (set.children.get(key)?.member) found.push([...prefix, key]);
  for (const key of keys) {
    const next = set.children.get(key);
    if (next) found.push(...paths(next, [...prefix, key]));
  }
  return found;
}

/** The `fieldsV1` form: `{"f:spec":{"f:replicas":{}}}`, with "." where a parent is a member itself. */
export function toFieldsV1(set: FieldSet): JsonObject {
  const json: JsonObject = {};
  if (set.member && set.children.size > 0) json["."] = {};
  for (const key of [...set.children.keys()].sort()) {
    const next = set.children.get(key);
    if (next && !isEmpty(next)) json[key] = toFieldsV1(next);
  }
  return json;
}

export function fromFieldsV1(json: JsonObject): FieldSet {
  const keys = Object.keys(json);
  const set: FieldSet = { member: keys.length === 0 || "." in json, children: new Map() };
  for (const key of keys) {
    const value = json[key];
    if (key !== "." && isObject(value)) set.children.set(key, fromFieldsV1(value));
  }
  return set;
}

/** `.spec.containers[name="app"].image`: how messages show a path. */
export function showPath(path: Path): string {
  return path
    .map((element) => {
      const rest = element.slice(2);
      if (element.startsWith("f:")) return `.${rest}`;
      if (element.startsWith("v:")) return `[=${rest}]`;
      if (element.startsWith("i:")) return `[${rest}]`;
      return `[${showKey(rest)}]`;
    })
    .join("");
}

/** `name="app",x=1` out of the JSON of a list key. */
export function showKey(json: string): string {
  return json.slice(1, -1).replace(/"([^"]+)":/g, "$1=");
}
