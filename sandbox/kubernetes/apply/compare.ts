import type { Json } from "../json.ts";
import { equal, isObject } from "../json.ts";
import type { Type } from "../schema.ts";
import { ANY, childType, fieldsOf, isAtomic, zeroValue } from "../schema.ts";
import { elementOf, indexItems } from "./elements.ts";
import type { FieldSet, Path } from "./fieldset.ts";
import { emptySet, insert, isEmpty } from "./fieldset.ts";

export interface Comparison {
  added: FieldSet;
  modified: FieldSet;
  removed: FieldSet;
}

export function isSame(comparison: Comparison): boolean {
  return isEmpty(comparison.added) && isEmpty(comparison.modified) && isEmpty(comparison.removed);
}

/** Which paths appeared, changed or went between two states of an object of the type. */
export function compare(before: Json | undefined, after: Json | undefined, type: Type): Comparison {
  const result: Comparison = { added: emptySet(), modified: emptySet(), removed: emptySet() };
  walk(result, [], before, after, type);
  return result;
}

function walk(
  out: Comparison,
  path: Path,
  before: Json | undefined,
  after: Json | undefined,
  type: Type,
): void {
  if (before === undefined && after === undefined) return;
  if (before === undefined || after === undefined) {
    if (before === undefined) addAll(out.added, path, after, type);
    else addAll(out.removed, path, before, type);
    return;
  }
  if (!isAtomic(type) && type.kind === "list" && isListLike(before) && isListLike(after)) {
    const old = indexItems(type, before ?? []);
    const next = indexItems(type, after ?? []);
    for (const key of new Set([...old.keys(), ...next.keys()])) {
      walk(out, [...path, key], old.get(key), next.get(key), type.element);
    }
    return;
  }
  if (!isAtomic(type) && type.kind !== "list" && isMapLike(before) && isMapLike(after)) {
    for (const key of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
      const field = fieldsOf(type).get(key);
      // A Go struct held by value is always there, even where the JSON leaves it out.
      const absent =
        field?.type.kind === "struct" && field.default !== undefined ? zeroValue(field.type) : undefined;
      walk(
        out,
        [...path, `f:${key}`],
        before?.[key] === undefined ? absent : before[key],
        after?.[key] === undefined ? absent : after[key],
        childType(type, key) ?? ANY,
      );
    }
    return;
  }
  if (!equal(before, after)) insert(out.modified, path);
}

function isListLike(value: Json): value is Json[] | null {
  return value === null || Array.isArray(value);
}

function isMapLike(value: Json): value is { [key: string]: Json | undefined } | null {
  return value === null || isObject(value);
}

/** Puts a value that is new (or gone) into the set: the path itself and all below. */
function addAll(set: FieldSet, path: Path, value: Json | undefined, type: Type): void {
  if (path.length > 0) insert(set, path);
  descend(set, path, value, type, addAll);
}

/** Puts the fields an apply configuration names into the set: leaves and list items, not maps. */
export function addConfigured(set: FieldSet, path: Path, value: Json | undefined, type: Type): void {
  const isMap = isObject(value) && Object.keys(value).length > 0 && !isAtomic(type);
  const isList = Array.isArray(value) && value.length > 0 && !isAtomic(type);
  const isItem = path.at(-1)?.startsWith("k:") ?? false;
  if (path.length > 0 && ((!isMap && !isList) || isItem)) insert(set, path);
  descend(set, path, value, type, addConfigured);
}

function descend(
  set: FieldSet,
  path: Path,
  value: Json | undefined,
  type: Type,
  visit: (set: FieldSet, path: Path, value: Json | undefined, type: Type) => void,
): void {
  if (isAtomic(type)) return;
  if (type.kind === "list") {
    if (!Array.isArray(value)) return;
    for (const item of value) {
      const element = elementOf(type, item);
      if (element !== undefined) visit(set, [...path, element], item, type.element);
    }
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined) visit(set, [...path, `f:${key}`], item, childType(type, key) ?? ANY);
    }
  }
}
