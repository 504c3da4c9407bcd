import { z } from "zod";
import type { Manifest } from "#lib/adapters/ports.ts";
import { parseQuantity } from "#lib/components/config-quantity.ts";
import { ANNOTATION, MANAGER } from "#lib/plans/labels.ts";

/** A step into an object: a field, or the list element that has these key fields. */
type Segment = { field: string } | { key: Record<string, string | number> } | { index: number };
export type DriftedField = { field: string; expected: string; actual: string; manager: string | null };

const recordSchema = z.record(z.string(), z.unknown());
const asRecord = (value: unknown) => (Array.isArray(value) ? undefined : recordSchema.safeParse(value).data);
const managedSchema = z.array(
  z.looseObject({ manager: z.string().default("unknown"), fieldsV1: recordSchema.default({}) }),
);
const IGNORED: readonly string[] = [ANNOTATION.deployment, ANNOTATION.plan, ANNOTATION.attempt];
/** What identifies an element of the lists that the server merges by key. */
const KEYS = ["name", "containerPort", "port", "mountPath", "ip", "key"];

/**
 * Where a live object differs from what was deployed, with who owns each differing field now. Only fields that were
 * deployed are compared: what the server filled in is no drift. Pure.
 */
export function driftOf(expected: Manifest, live: Manifest): DriftedField[] {
  const managed = managedSchema.safeParse(live.metadata.managedFields).data ?? [];
  return differences(expected, live, []).map(({ path, expected: wanted, actual }) => ({
    field: path.map(segmentText).join(""),
    expected: show(wanted),
    actual: show(actual),
    manager: ownerOf(managed, path),
  }));
}

type Difference = { path: Segment[]; expected: unknown; actual: unknown };

function differences(expected: unknown, live: unknown, path: Segment[]): Difference[] {
  if (Array.isArray(expected)) return listDifferences(expected, live, path);
  const wanted = asRecord(expected);
  if (!wanted) return sameValue(expected, live) ? [] : [{ path, expected, actual: live }];
  const there = asRecord(live);
  // An empty object and none are the same to the server.
  if (!there) return Object.keys(wanted).length === 0 ? [] : [{ path, expected, actual: live }];
  return Object.entries(wanted)
    .filter(([field]) => !IGNORED.includes(field))
    .flatMap(([field, value]) => differences(value, there[field], [...path, { field }]));
}

function listDifferences(expected: unknown[], live: unknown, path: Segment[]): Difference[] {
  if (!Array.isArray(live)) return expected.length === 0 ? [] : [{ path, expected, actual: live }];
  return expected.flatMap((element, index) => {
    const key = keyOf(element);
    if (!key) return differences(element, live[index], [...path, { index }]);
    const found = live.find((other) =>
      Object.entries(key).every(([name, value]) => asRecord(other)?.[name] === value),
    );
    return differences(element, found, [...path, { key }]);
  });
}

function keyOf(element: unknown): Record<string, string | number> | null {
  const record = asRecord(element);
  for (const name of KEYS) {
    const value = record?.[name];
    if (typeof value === "string" || typeof value === "number") return { [name]: value };
  }
  return null;
}

function sameValue(expected: unknown, live: unknown): boolean {
  if (expected === live || (expected === null && live === undefined)) return true;
  if (expected === "" || expected === false) return live === undefined;
  // The server writes `0.5` cores as `500m`.
  if (["string", "number"].includes(typeof expected) && ["string", "number"].includes(typeof live)) {
    const [a, b] = [parseQuantity(String(expected)), parseQuantity(String(live))];
    return a !== null && a === b;
  }
  return false;
}

const segmentText = (segment: Segment): string => {
  if ("field" in segment) return `.${segment.field}`;
  if ("index" in segment) return `[${segment.index}]`;
  return `[${Object.entries(segment.key)
    .map(([name, value]) => `${name}=${value}`)
    .join(",")}]`;
};

const show = (value: unknown): string =>
  (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 500);

/** Who owns the deepest part of the path that anybody owns; another manager before the portal's own entry. */
function ownerOf(managed: z.infer<typeof managedSchema>, path: readonly Segment[]): string | null {
  const depths = managed.map(({ manager, fieldsV1 }) => ({ manager, depth: depthIn(fieldsV1, path) }));
  const deepest = Math.max(0, ...depths.map(({ depth }) => depth));
  if (deepest < path.length - 1) return null;
  const owners = depths.filter(({ depth }) => depth === deepest).map(({ manager }) => manager);
  return owners.find((manager) => manager !== MANAGER) ?? owners[0] ?? null;
}

function depthIn(fields: Record<string, unknown>, path: readonly Segment[]): number {
  let here: Record<string, unknown> | undefined = fields;
  for (const [depth, segment] of path.entries()) {
    const next: unknown = here && stepInto(here, segment);
    if (next === undefined) return depth;
    here = asRecord(next);
  }
  return path.length;
}

function stepInto(fields: Record<string, unknown>, segment: Segment): unknown {
  if ("field" in segment) return fields[`f:${segment.field}`];
  if ("index" in segment) return undefined;
  const name = Object.keys(fields).find((field) => {
    if (!field.startsWith("k:")) return false;
    const key: unknown = JSON.parse(field.slice(2));
    return Object.entries(segment.key).every(([part, value]) => asRecord(key)?.[part] === value);
  });
  return name === undefined ? undefined : fields[name];
}
