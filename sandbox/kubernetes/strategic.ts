import type { Json, JsonObject } from "./json.ts";
import { clone, equal, isObject } from "./json.ts";
import type { Field, Type } from "./schema.ts";
import { ANY, childType, fieldsOf } from "./schema.ts";

/** Strategic merge patch: objects merge, lists with a merge key merge by it, `$patch` directives are obeyed. */
export function strategicMerge(
  live: Json | undefined,
  patch: JsonObject,
  type: Type,
  field?: Field,
): JsonObject {
  if (patch.$patch === "replace") {
    const { $patch: _directive, ...rest } = patch;
    return clone(rest);
  }
  const result: JsonObject = isObject(live) ? { ...clone(live) } : {};
  const retain = patch.$retainKeys;
  if (Array.isArray(retain) && field?.retainKeys) {
    for (const key of Object.keys(result)) if (!retain.includes(key)) delete result[key];
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key === "$patch" || key === "$retainKeys" || key.startsWith("$setElementOrder/")) continue;
    if (key.startsWith("$deleteFromPrimitiveList/")) {
      const name = key.slice("$deleteFromPrimitiveList/".length);
      const gone = Array.isArray(value) ? value : [];
      const list = result[name];
      if (Array.isArray(list))
        result[name] = list.filter((item) => !gone.some((other) => equal(item, other)));
      continue;
    }
    const below = childType(type, key) ?? ANY;
    const known = fieldsOf(type).get(key);
    if (value === null || value === undefined) delete result[key];
    else if (isObject(value)) {
      if (value.$patch === "delete") delete result[key];
      else result[key] = strategicMerge(result[key], value, below, known);
    } else if (Array.isArray(value) && known?.mergeKey !== undefined && below.kind === "list") {
      const order = patch[`$setElementOrder/${key}`];
      result[key] = mergeList(result[key], value, below.element, known.mergeKey, order);
    } else result[key] = clone(value);
  }
  return result;
}

function mergeList(
  live: Json | undefined,
  patch: Json[],
  element: Type,
  key: string,
  order: Json | undefined,
): Json[] {
  if (key === "") {
    const old = Array.isArray(live) ? live : [];
    return [...old, ...patch.filter((item) => !old.some((other) => equal(item, other)))];
  }
  const entries = patch.filter(isObject);
  let result: Json[] = Array.isArray(live) ? [...live] : [];
  if (entries.some((entry) => entry.$patch === "replace")) {
    return entries.filter((entry) => entry.$patch !== "replace").map((entry) => clone(entry));
  }
  for (const entry of entries) {
    const same = (item: Json) => isObject(item) && equal(item[key], entry[key]);
    if (entry.$patch === "delete") {
      result = result.filter((item) => !same(item));
      continue;
    }
    const place = result.findIndex(same);
    const merged = strategicMerge(result[place], entry, element);
    if (place < 0) result.push(merged);
    else result[place] = merged;
  }
  const named = Array.isArray(order) ? order : patch;
  return inOrder(result, named.filter(isObject), Array.isArray(live) ? live : [], key);
}

/**
 * Items the patch names come in its order, the others in theirs; where the two meet, the order they had on the server
 * decides, and an item that is new goes first.
 */
function inOrder(items: Json[], named: JsonObject[], live: Json[], key: string): Json[] {
  const place = (list: Json[], item: Json | undefined) =>
    list.findIndex((other) => isObject(other) && isObject(item) && equal(other[key], item[key]));
  const left = items.filter((item) => place(named, item) < 0);
  const right = items
    .filter((item) => place(named, item) >= 0)
    .toSorted((a, b) => place(named, a) - place(named, b));
  const result: Json[] = [];
  while (left.length > 0 || right.length > 0) {
    const [l, r] = [place(live, left[0]), place(live, right[0])];
    const fromLeft = right.length === 0 || (left.length > 0 && l >= 0 && r >= 0 && l < r);
    const next = fromLeft ? left.shift() : right.shift();
    if (next !== undefined) result.push(next);
  }
  return result;
}
