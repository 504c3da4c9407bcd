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
  if (!Array.isArray(order)) return result;
  const rank = (item: Json) => {
    const place = order.findIndex(
      (entry) => isObject(entry) && isObject(item) && equal(entry[key], item[key]),
    );
    return place < 0 ? order.length : place;
  };
  return result.sort((a, b) => rank(a) - rank(b));
}
