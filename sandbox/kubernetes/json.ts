/** Plain JSON values, and the few readers that keep walking through them short. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Deep equality; a key that holds `undefined` counts as absent. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => equal(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) if (!equal(a[key], b[key])) return false;
  return true;
}

export function clone<T extends Json | undefined>(value: T): T {
  return structuredClone(value);
}

/** The value below `keys`, or undefined where the path ends early. */
export function get(value: Json | undefined, ...keys: string[]): Json | undefined {
  let here = value;
  for (const key of keys) {
    if (!isObject(here)) return undefined;
    here = here[key];
  }
  return here;
}

export function textAt(value: Json | undefined, ...keys: string[]): string {
  const found = get(value, ...keys);
  return typeof found === "string" ? found : "";
}

export function numberAt(value: Json | undefined, ...keys: string[]): number | undefined {
  const found = get(value, ...keys);
  return typeof found === "number" ? found : undefined;
}

export function listAt(value: Json | undefined, ...keys: string[]): Json[] {
  const found = get(value, ...keys);
  return Array.isArray(found) ? found : [];
}

/** The objects of a list; anything else in it is left out. */
export function objectsAt(value: Json | undefined, ...keys: string[]): JsonObject[] {
  return listAt(value, ...keys).filter(isObject);
}

export function objectAt(value: Json | undefined, ...keys: string[]): JsonObject {
  const found = get(value, ...keys);
  return isObject(found) ? found : {};
}

/** String entries of a map such as labels or `data`. */
export function stringsAt(value: Json | undefined, ...keys: string[]): Record<string, string> {
  const strings: Record<string, string> = {};
  for (const [key, entry] of Object.entries(objectAt(value, ...keys))) {
    if (typeof entry === "string") strings[key] = entry;
  }
  return strings;
}

/** Writes below `keys`, making the objects on the way; `undefined` removes the key. */
export function setAt(target: JsonObject, keys: string[], value: Json | undefined): void {
  const [first, ...rest] = keys;
  if (first === undefined) return;
  if (rest.length === 0) {
    if (value === undefined) delete target[first];
    else target[first] = value;
    return;
  }
  const next = target[first];
  const child = isObject(next) ? next : {};
  target[first] = child;
  setAt(child, rest, value);
}

/** Sets the key where it is absent (or null, which Go reads as absent). */
export function setDefault(target: JsonObject, key: string, value: Json): void {
  if (target[key] === undefined || target[key] === null) target[key] = value;
}

/** The child object under `key`, made when absent. */
export function child(target: JsonObject, key: string): JsonObject {
  const found = target[key];
  if (isObject(found)) return found;
  const made: JsonObject = {};
  target[key] = made;
  return made;
}

export function toJson(value: unknown): Json {
  const parsed: Json = JSON.parse(JSON.stringify(value ?? null));
  return parsed;
}
