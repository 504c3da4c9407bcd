import { diffLines } from "diff";
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import type { CHANGE_SOURCES, diffLineSchema, planObjectSchema } from "./content.ts";
import { elementNames, fieldSteps, leavesOf, valueText } from "./field-path.ts";
import { yamlText } from "./normalize.ts";

export type DiffLine = z.infer<typeof diffLineSchema>;
type ChangedField = z.infer<typeof planObjectSchema>["fields"][number];
/** Where a field's change comes from; nulls where nobody can tell. */
export type OriginOf = (field: string) => {
  source: (typeof CHANGE_SOURCES)[number] | null;
  origin: number | null;
};
export type ObjectDiff = {
  lines: DiffLine[];
  fields: ChangedField[];
  added: number;
  removed: number;
  /** Index of the line in which a field stands, in the new text if it is there; null where no line has it. */
  lineOf: (field: string) => number | null;
};

const NOWHERE = { source: null, origin: null };
const MAX_FIELDS = 300;

/**
 * What differs between two objects as people read them: line by line as YAML and field by field, each with where it
 * comes from. Null is an object that is not there. Pure.
 */
export function diffObjects(
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
  originOf: OriginOf,
): ObjectDiff {
  const [was, is] = [before ? yamlText(before) : "", after ? yamlText(after) : ""];
  const [leftFields, rightFields] = [lineFields(was), lineFields(is)];
  let left = 0;
  let right = 0;
  const lines = diffLines(was, is).flatMap((change): DiffLine[] =>
    change.value
      .replace(/\n$/, "")
      .split("\n")
      .map((text): DiffLine => {
        if (!change.removed) right += 1;
        if (!change.added) left += 1;
        if (change.added)
          return { kind: "added", left: null, right, text, ...originOf(rightFields[right - 1] ?? "") };
        if (change.removed)
          return { kind: "removed", left, right: null, text, ...originOf(leftFields[left - 1] ?? "") };
        return { kind: "same", left, right, text, ...NOWHERE };
      }),
  );
  const count = (kind: DiffLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  const fields = before && after ? changedFields(before, after, originOf) : [];
  const lineOf = (field: string) =>
    lineIn(lines, "right", rightFields, after, field) ?? lineIn(lines, "left", leftFields, before, field);
  return { lines, fields, added: count("added"), removed: count("removed"), lineOf };
}

/** A field may be named in more than one way (the server adds defaults to keys of lists): what counts is where it leads. */
function lineIn(
  lines: readonly DiffLine[],
  side: "left" | "right",
  fields: readonly string[],
  object: Record<string, unknown> | null,
  field: string,
): number | null {
  const wanted = fieldSteps(object, field)?.join("\n");
  if (wanted === undefined) return null;
  const there = (name: string) => `${fieldSteps(object, name)?.join("\n")}\n`.startsWith(`${wanted}\n`);
  const number = fields.findIndex((name) => name !== "" && there(name)) + 1;
  const index = number === 0 ? -1 : lines.findIndex((line) => line[side] === number);
  return index < 0 ? null : index;
}

function changedFields(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  originOf: OriginOf,
): ChangedField[] {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  const shown = (leaves: Map<string, unknown>, field: string) =>
    leaves.has(field) ? valueText(leaves.get(field)) : null;
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((field) => JSON.stringify(was.get(field)) !== JSON.stringify(is.get(field)))
    .slice(0, MAX_FIELDS)
    .map((field) => ({ field, before: shown(was, field), after: shown(is, field), ...originOf(field) }));
}

/** For each line of a YAML text the field that it writes; of several on one line the deepest. Pure. */
export function lineFields(text: string): string[] {
  const counter = new LineCounter();
  const fields: string[] = [];
  const mark = (from: number, to: number, field: string) => {
    const last = counter.linePos(Math.max(from, to - 1)).line;
    for (let line = counter.linePos(from).line; line <= last; line += 1) fields[line - 1] = field;
  };
  const document = parseDocument(text, { lineCounter: counter });
  const walk = (node: unknown, field: string): void => {
    if (isMap<Node, Node>(node)) {
      for (const { key, value } of node.items) {
        const name = `${field}.${isScalar(key) ? String(key.value) : ""}`;
        mark(key.range?.[0] ?? 0, value?.range?.[1] ?? key.range?.[1] ?? 0, name);
        walk(value, name);
      }
    } else if (isSeq<Node>(node)) {
      const names = elementNames(node.items.map((item) => item.toJS(document)));
      for (const [index, item] of node.items.entries()) {
        const name = `${field}${names[index]}`;
        mark(item.range?.[0] ?? 0, item.range?.[1] ?? 0, name);
        walk(item, name);
      }
    }
  };
  walk(document.contents, "");
  return fields;
}
