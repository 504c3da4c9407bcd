import { z } from "zod";

/**
 * Fields of Kubernetes objects by name, as the API server writes them: `.spec.replicas`,
 * `.spec.template.spec.containers[name="api"].image`, `.metadata.finalizers[="x"]`. A field's own name may hold dots, so a
 * text is only read against an object that has the field.
 */
type Step = string | number;

const recordSchema = z.record(z.string(), z.unknown());
const asRecord = (value: unknown): Record<string, unknown> | null =>
  Array.isArray(value) ? null : (recordSchema.safeParse(value).data ?? null);

/** What identifies an element of the lists that the server merges by key, the best first. */
const KEYS = ["name", "containerPort", "port", "mountPath", "devicePath", "ip", "key", "type", "topologyKey"];

/** The field that tells the elements of a list apart; null for lists of plain values and of look-alikes. */
function keyOf(list: readonly unknown[]): string | null {
  const records = list.map(asRecord);
  const tells = (key: string) => {
    const values = records.map((record) => record?.[key]);
    return (
      values.every((value) => typeof value === "string" || typeof value === "number") &&
      new Set(values).size === list.length
    );
  };
  return KEYS.find(tells) ?? null;
}

/** Names of a list's elements, in order: `[name="api"]`, or `[0]` where nothing tells them apart. Pure. */
export function elementNames(list: readonly unknown[]): string[] {
  const key = keyOf(list);
  return list.map((element, index) =>
    key === null ? `[${index}]` : `[${key}=${JSON.stringify(asRecord(element)?.[key])}]`,
  );
}

/** Every leaf of a value by its field's name; empty maps and lists are leaves. Pure. */
export function leavesOf(value: unknown, name = ""): Map<string, unknown> {
  const list = Array.isArray(value) ? value : null;
  const names = list ? elementNames(list) : [];
  const parts: [string, unknown][] = list
    ? list.map((element, index) => [`${names[index]}`, element])
    : Object.entries(asRecord(value) ?? {}).map(([field, inner]) => [`.${field}`, inner]);
  if (parts.length === 0) return new Map([[name, value]]);
  return new Map(parts.flatMap(([part, inner]) => [...leavesOf(inner, name + part)]));
}

const ELEMENT = /^\[((?:[^\]"]|"(?:[^"\\]|\\.)*")*)\]/;
const PAIR = /([^=,]*)=("(?:[^"\\]|\\.)*"|[^,]*)/g;
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Where in `value` the field is, step by step; null when it is not there. Pure. */
export function fieldSteps(value: unknown, rest: string): Step[] | null {
  if (rest === "") return [];
  if (rest.startsWith(".")) {
    const record = asRecord(value) ?? {};
    const names = Object.keys(record)
      .filter((name) => rest.startsWith(`.${name}`) && /^($|[.[])/.test(rest.slice(name.length + 1)))
      .sort((a, b) => b.length - a.length);
    for (const name of names) {
      const deeper = fieldSteps(record[name], rest.slice(name.length + 1));
      if (deeper) return [name, ...deeper];
    }
    return null;
  }
  const [whole, inner = ""] = ELEMENT.exec(rest) ?? [];
  if (whole === undefined || !Array.isArray(value)) return null;
  const index = indexOf(value, inner);
  const deeper =
    index < 0 || index >= value.length ? null : fieldSteps(value[index], rest.slice(whole.length));
  return deeper && [index, ...deeper];
}

function indexOf(list: readonly unknown[], inner: string): number {
  if (/^\d+$/.test(inner)) return Number(inner);
  const pairs = [...inner.matchAll(PAIR)].map(([, name = "", text = ""]) => [name, parsed(text)] as const);
  if (pairs[0]?.[0] === "") return list.indexOf(pairs[0][1]);
  return list.findIndex((element) => {
    const record = asRecord(element);
    // The server names defaults too (`protocol="TCP"`), which a manifest leaves out.
    const fits = pairs.every(([name, value]) => record?.[name] === value || record?.[name] === undefined);
    return fits && pairs.some(([name, value]) => record?.[name] === value);
  });
}

/** Value of a field; undefined when it is not there. Pure. */
export function fieldValue(object: unknown, field: string): unknown {
  return fieldSteps(object, field)?.reduce<unknown>(
    (value, step) =>
      typeof step === "number" && Array.isArray(value) ? value[step] : asRecord(value)?.[step],
    object,
  );
}

/**
 * An object without a field, and without the maps that only held it; the object itself when it has no such field. Pure.
 * @param field as the API server names it
 */
export function withoutField<Value extends Record<string, unknown>>(object: Value, field: string): Value {
  const steps = fieldSteps(object, field);
  if (!steps || steps.length === 0) return object;
  const copy = structuredClone(object);
  remove(copy, steps);
  return copy;
}

function remove(value: unknown, [step, ...deeper]: readonly Step[]): void {
  if (step === undefined || typeof value !== "object" || value === null) return;
  const inner: unknown = Reflect.get(value, step);
  if (deeper.length > 0) {
    remove(inner, deeper);
    const left = asRecord(inner);
    if (!left || Object.keys(left).length > 0) return;
  }
  if (Array.isArray(value)) value.splice(Number(step), 1);
  else Reflect.deleteProperty(value, step);
}

/** A field's value as people read it in a line. */
export const valueText = (value: unknown): string =>
  (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 300);
