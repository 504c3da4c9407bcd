import type { Json, JsonObject } from "../json.ts";
import { isObject } from "../json.ts";
import type { Type } from "../schema.ts";
import { fieldsOf } from "../schema.ts";

type ListType = Extract<Type, { kind: "list" }>;

/**
 * The path element that names an item of a set or keyed list: `k:{"name":"app"}` or `v:"x"`.
 * Undefined when the item lacks a key that has no default.
 */
export function elementOf(list: ListType, item: Json): string | undefined {
  if (list.list === "set") return `v:${JSON.stringify(item)}`;
  if (!isObject(item)) return undefined;
  const fields = fieldsOf(list.element);
  const key: JsonObject = {};
  let found = false;
  for (const name of list.keys) {
    const value = item[name] ?? fields.get(name)?.default;
    if (value === undefined) continue;
    key[name] = value;
    found = true;
  }
  return found ? `k:${JSON.stringify(key)}` : undefined;
}

/** Items of a keyed list by path element; of doubles the first wins. */
export function indexItems(list: ListType, items: Json[]): Map<string, Json> {
  const index = new Map<string, Json>();
  for (const item of items) {
    const element = elementOf(list, item);
    if (element !== undefined && !index.has(element)) index.set(element, item);
  }
  return index;
}
