import type { Json, JsonObject } from "../json.ts";
import { clone, isObject } from "../json.ts";
import type { Type } from "../schema.ts";
import { ANY, childType, isAtomic } from "../schema.ts";
import { elementOf, indexItems } from "./elements.ts";
import type { Path } from "./fieldset.ts";

/** The live value with the configuration laid over it, as server-side apply merges. Inputs stay untouched. */
export function merge(live: Json | undefined, config: Json, type: Type): Json {
  if (!isAtomic(type) && type.kind === "list" && Array.isArray(live) && Array.isArray(config)) {
    return mergeList(live, config, type);
  }
  if (!isAtomic(type) && type.kind !== "list" && isObject(live) && isObject(config)) {
    const result: JsonObject = { ...live };
    for (const [key, value] of Object.entries(config)) {
      if (value !== undefined) result[key] = merge(live[key], value, childType(type, key) ?? ANY);
    }
    return result;
  }
  return clone(config);
}

/** The order of the configuration wins; items only the live list has keep their place among the others. */
function mergeList(live: Json[], config: Json[], type: Extract<Type, { kind: "list" }>): Json[] {
  const wanted = indexItems(type, config);
  const existing = indexItems(type, live);
  const result: Json[] = [];
  const rest = [...config];
  const take = () => {
    const item = rest.shift();
    if (item === undefined) return undefined;
    const element = elementOf(type, item);
    result.push(merge(element === undefined ? undefined : existing.get(element), item, type.element));
    return element;
  };
  for (const item of live) {
    const element = elementOf(type, item);
    if (element === undefined || !wanted.has(element)) {
      result.push(clone(item));
      continue;
    }
    if (!rest.some((other) => elementOf(type, other) === element)) continue;
    while (take() !== element);
  }
  while (rest.length > 0) take();
  return result;
}

/** Takes the value at the path out of the object (in place), and parents that this leaves empty. */
export function removePath(value: Json | undefined, path: Path, type: Type): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  if (first.startsWith("f:") && isObject(value)) {
    const key = first.slice(2);
    const below = childType(type, key) ?? ANY;
    if (rest.length > 0) removePath(value[key], rest, below);
    if (rest.length === 0 || isBlank(value[key])) delete value[key];
  } else if (type.kind === "list" && Array.isArray(value)) {
    const place = value.findIndex((item) => elementOf(type, item) === first);
    if (place < 0) return;
    if (rest.length === 0) value.splice(place, 1);
    else removePath(value[place], rest, type.element);
  }
}

function isBlank(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}
