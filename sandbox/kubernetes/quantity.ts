import type { Json, JsonObject } from "./json.ts";
import { isObject } from "./json.ts";
import type { Type } from "./schema.ts";
import { childType, fieldsOf } from "./schema.ts";

/** A quantity's number in base units (`250m` is 0.25, `1Ki` is 1024), or undefined for no quantity. */
export function quantityValue(text: string): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/.exec(text.trim());
  if (!match) return undefined;
  const [, digits = "0", suffix = ""] = match;
  if (/^[eE][+-]?\d/.test(suffix)) return Number(digits + suffix);
  if (suffix.endsWith("i")) return Number(digits) * 1024 ** " KMGTPE".indexOf(suffix[0] ?? " ");
  const powers: Record<string, number> = {
    n: -9,
    u: -6,
    m: -3,
    "": 0,
    k: 3,
    M: 6,
    G: 9,
    T: 12,
    P: 15,
    E: 18,
  };
  return Number(digits) * 10 ** (powers[suffix] ?? 0);
}

/** The spelling a Go server writes: no fraction, the largest fitting suffix of the same family. */
export function canonicalQuantity(value: string | number): string {
  const text = String(value);
  const amount = quantityValue(text);
  if (amount === undefined) return text;
  if (/[KMGTPE]i$/.test(text)) return scaled(amount, 1024, ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]);
  if (Number.isInteger(amount)) return scaled(amount, 1000, ["", "k", "M", "G", "T", "P", "E"]);
  return `${Math.round(amount * 1000)}m`;
}

function scaled(amount: number, base: number, suffixes: string[]): string {
  if (!Number.isInteger(amount)) return `${Math.ceil(amount * 1000)}m`;
  let rest = amount;
  let step = 0;
  while (rest !== 0 && rest % base === 0 && step < suffixes.length - 1) {
    rest /= base;
    step += 1;
  }
  return `${rest}${suffixes[step]}`;
}

/** Fields that Go writes as null where they are not set. */
const WRITTEN_NULL = new Set([
  "lastProbeTime",
  "eventTime",
  "firstTimestamp",
  "lastTimestamp",
  "currentMetrics",
]);

/**
 * Brings decoded JSON into the form a Go server keeps (in place): nulls are absent, quantities canonical,
 * the keys of maps sorted.
 */
export function canonicalise(value: Json | undefined, type: Type): void {
  if (Array.isArray(value)) {
    if (type.kind === "list") for (const item of value) canonicalise(item, type.element);
    return;
  }
  if (!isObject(value) || type.kind === "scalar" || type.kind === "list") return;
  const keys = Object.keys(value);
  for (const key of keys) {
    const below = childType(type, key);
    const item = value[key];
    if (!below) continue;
    const optional = type.kind === "struct" && !fieldsOf(type).get(key)?.required;
    if (optional && isEmptyCollection(item, below)) delete value[key];
    else if (item === null && type.kind === "struct" && !WRITTEN_NULL.has(key)) delete value[key];
    else if (below.kind === "scalar" && below.scalar === "quantity") {
      if (typeof item === "string" || typeof item === "number") value[key] = canonicalQuantity(item);
    } else canonicalise(item, below);
  }
  if (type.kind === "map") sortKeys(value);
}

/** Go leaves empty maps and lists out; an empty struct says something and stays. */
function isEmptyCollection(value: Json | undefined, type: Type): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return type.kind === "map" && isObject(value) && Object.keys(value).length === 0;
}

function sortKeys(map: JsonObject): void {
  const entries = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key] of entries) delete map[key];
  Object.assign(map, Object.fromEntries(entries));
}
