import type { DiffRow } from "#components/ui/diff-lines.ts";
import type { PlanObject } from "./review-model.ts";

type Line = PlanObject["diff"][number];

/** Name of the element in which a conflict of an object is decided. */
export const conflictId = (entry: string, index: number): string =>
  `conflict-${entry.replace(/[^\w-]/g, "-")}-${index}`;

/** Row in which a line of the stored diff is shown; -1 where there is none. Pure. */
export function rowOf(
  rows: readonly { line: Line; leftNumber?: number }[],
  diff: readonly Line[],
  index: number | null,
): number {
  const line = index === null ? undefined : diff[index];
  if (line === undefined) return -1;
  const own = rows.findIndex((row) => row.line === line);
  // A removed line stands beside the one that takes its place.
  return own >= 0 || line.left === null ? own : rows.findIndex(({ leftNumber }) => leftNumber === line.left);
}

const VALUE = /^(\s*(?:- )?(?:"[^"]*"|[^:"]+):\s).*$/;

/** A field that is left to its owner: what stands there, and struck beside it what is not sent. Pure. */
export function keptRow({ left = "" }: DiffRow, ours: string | null): DiffRow | null {
  const [, name] = VALUE.exec(left) ?? [];
  return ours === null || name === undefined ? null : { kind: "kept", left, right: `${name}${ours}` };
}
