import { z } from "zod";
import type { Manifest } from "#lib/adapters/ports.ts";
import { elementNames, fieldValue, valueText } from "./field-path.ts";
import { MANAGER, OWN_ANNOTATIONS } from "./labels.ts";

const recordSchema = z.record(z.string(), z.unknown());
const entriesSchema = z.array(
  z.looseObject({
    manager: z.string().default("unknown"),
    operation: z.string().default(""),
    time: z.string().optional(),
    subresource: z.string().optional(),
    fieldsV1: recordSchema.default({}),
  }),
);
type Entry = z.infer<typeof entriesSchema>[number];

const entriesOf = (object: Manifest): Entry[] =>
  entriesSchema.safeParse(object.metadata.managedFields).data ?? [];
/** What we applied; a restart or scale of ours is kept in an entry of its own and stays ours. */
const applied = (entry: Entry) => entry.manager === MANAGER && entry.operation === "Apply";

/** The deepest fields that an entry owns: the parts of each by its name. */
function ownedBy(entry: Entry, object: Manifest): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const walk = (fields: Record<string, unknown>, value: unknown, parts: string[]): void => {
    const inner = Object.entries(fields).filter(([key]) => key !== ".");
    if (inner.length === 0) found.set(parts.join(""), parts);
    for (const [key, deeper] of inner) {
      const [part, there] = step(key, value);
      walk(recordSchema.safeParse(deeper).data ?? {}, there, [...parts, part]);
    }
  };
  walk(entry.fieldsV1, object, []);
  return found;
}

/** Name and value of one part of an entry: `f:<field>`, `k:<key fields>`, `v:<value>` or `i:<index>`. */
function step(key: string, value: unknown): [string, unknown] {
  const text = key.slice(2);
  if (key.startsWith("f:")) return [`.${text}`, recordSchema.safeParse(value).data?.[text]];
  const list: unknown[] = Array.isArray(value) ? value : [];
  const names = elementNames(list);
  const wanted: unknown = JSON.parse(text);
  const index = list.findIndex((element) => {
    if (!key.startsWith("k:")) return element === wanted;
    const [has, keys] = [recordSchema.safeParse(element).data, recordSchema.safeParse(wanted).data];
    return Object.entries(keys ?? {}).every(([field, part]) => has?.[field] === part);
  });
  return index < 0 ? [`[${text}]`, undefined] : [names[index] ?? "", list[index]];
}

/** Whether what we applied is what stands in a field; an object without a record of owners is taken at its word. Pure. */
export function isOurs(object: Manifest, field: string): boolean {
  const entries = entriesOf(object);
  return entries.length === 0 || entries.filter(applied).some((entry) => ownedBy(entry, object).has(field));
}

/** When a manager wrote to a field's part of an object for the last time (ISO 8601); null where that is not on record. */
export function lastWrote(object: Manifest, field: string, manager: string): string | null {
  const times = entriesOf(object)
    .filter((entry) => entry.manager === manager && [...ownedBy(entry, object).keys()].some(near(field)))
    .flatMap(({ time }) => time ?? []);
  return times.sort().at(-1) ?? null;
}

const near = (field: string) => (name: string) =>
  name === field || isWithin(name, field) || (name !== "" && isWithin(field, name));

/** Who owns a field, or something in it or above it, besides us. Pure. */
export function otherOwners(object: Manifest, field: string): string[] {
  return [
    ...new Set(
      entriesOf(object)
        .filter((entry) => entry.manager !== MANAGER && [...ownedBy(entry, object).keys()].some(near(field)))
        .map(({ manager }) => manager),
    ),
  ];
}
const isWithin = (inner: string, outer: string) =>
  inner.startsWith(outer) && /^[.[]/.test(inner.slice(outer.length));

export type DroppedField = { field: string; before: string; after: string | null; owners: string[] };

/** Written by each deployment about itself; a dry run has none of them. */
const MARKS = OWN_ANNOTATIONS.map((name) => `.metadata.annotations.${name}`);

/**
 * Fields that we own now and no longer do after an apply: each with its value before and after (null: gone), and who
 * else keeps it there. Of what disappears as a whole only the whole is named. Pure.
 * @param after what the dry run answered
 */
export function droppedFields(live: Manifest, after: Manifest): DroppedField[] {
  const owned = (object: Manifest) =>
    new Map(
      entriesOf(object)
        .filter(applied)
        .flatMap((entry) => [...ownedBy(entry, object)]),
    );
  const still = owned(after);
  const lost = [...owned(live)].filter(
    ([field]) => !still.has(field) && !MARKS.includes(field) && fieldValue(live, field) !== undefined,
  );
  const dropped = lost.map(([field, parts]): DroppedField => {
    const value = fieldValue(after, field);
    if (value !== undefined) {
      const before = valueText(fieldValue(live, field));
      return { field, before, after: valueText(value), owners: otherOwners(after, field) };
    }
    // Gone with its whole element: the element stands for its fields.
    const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join(""));
    const gone = prefixes.find((prefix) => fieldValue(after, prefix) === undefined) ?? field;
    return { field: gone, before: valueText(fieldValue(live, gone)), after: null, owners: [] };
  });
  return [...new Map(dropped.map((one) => [one.field, one])).values()];
}
