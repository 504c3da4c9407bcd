import { diffArrays } from "diff";

/**
 * One row of a diff. `change` has both sides, `add` only right, `remove` only left, `same` both alike.
 * `kept`: right is what the template says but is not sent (another manager owns the field); left stands.
 */
export type DiffRow = {
  kind: "same" | "change" | "add" | "remove" | "kept";
  left?: string;
  right?: string;
  /** Line numbers where the rows do not start at 1 or leave lines out; counted otherwise. */
  leftNumber?: number;
  rightNumber?: number;
};

function pair(removed: string[], added: string[]): DiffRow[] {
  const rows: DiffRow[] = [];
  for (let at = 0; at < Math.max(removed.length, added.length); at++) {
    const left = removed[at];
    const right = added[at];
    if (left !== undefined && right !== undefined) rows.push({ kind: "change", left, right });
    else if (left !== undefined) rows.push({ kind: "remove", left });
    else if (right !== undefined) rows.push({ kind: "add", right });
  }
  return rows;
}

/** Line diff of two texts; lines replaced one for one stand side by side. Empty texts have no lines. */
export function lineDiff(left: string, right: string): DiffRow[] {
  const lines = (text: string) => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));
  const rows: DiffRow[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const settle = () => {
    rows.push(...pair(removed, added));
    removed = [];
    added = [];
  };
  for (const part of diffArrays(lines(left), lines(right))) {
    if (part.removed) removed.push(...part.value);
    else if (part.added) added.push(...part.value);
    else {
      settle();
      rows.push(...part.value.map((text): DiffRow => ({ kind: "same", left: text, right: text })));
    }
  }
  settle();
  return rows;
}

/** A line as a plan stores it: one text, and its number on the sides that have it. */
export type PlainDiffLine = {
  kind: "same" | "added" | "removed";
  left: number | null;
  right: number | null;
  text: string;
};

/**
 * Rows of stored lines: a run of removed lines and the added ones behind it stand side by side. Each row keeps the
 * `line` it shows (the added one of a pair), so that the caller can say where it comes from.
 */
export function rowsOf<Line extends PlainDiffLine>(lines: readonly Line[]): (DiffRow & { line: Line })[] {
  const rows: (DiffRow & { line: Line })[] = [];
  const push = (kind: DiffRow["kind"], left: Line | undefined, right: Line | undefined) => {
    const line = right ?? left;
    if (line === undefined) return;
    rows.push({
      kind,
      left: left?.text,
      right: right?.text,
      leftNumber: left?.left ?? undefined,
      rightNumber: right?.right ?? undefined,
      line,
    });
  };
  let removed: Line[] = [];
  let added: Line[] = [];
  const settle = () => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++) {
      const [left, right] = [removed[at], added[at]];
      push(left === undefined ? "add" : right === undefined ? "remove" : "change", left, right);
    }
    removed = [];
    added = [];
  };
  for (const line of lines) {
    if (line.kind === "removed") removed.push(line);
    else if (line.kind === "added") added.push(line);
    else {
      settle();
      push("same", line, line);
    }
  }
  settle();
  return rows;
}

/** Numbers of both sides for every row, counted from 1; undefined where a side has no line. */
export function numberRows<Row extends DiffRow>(rows: Row[]): { row: Row; left?: number; right?: number }[] {
  let left = 0;
  let right = 0;
  return rows.map((row) => {
    if (row.left !== undefined) left = row.leftNumber ?? left + 1;
    if (row.right !== undefined) right = row.rightNumber ?? right + 1;
    return {
      row,
      left: row.left === undefined ? undefined : left,
      right: row.right === undefined ? undefined : right,
    };
  });
}

/** A stretch of rows to show, or a run of unchanged ones to fold (`count` of them, from index `from`). */
export type DiffSection = { fold: boolean; from: number; count: number };

/** Cuts rows into shown and folded sections, keeping `context` unchanged rows around each change. Runs of 3 or fewer stay. */
export function sections(kept: boolean[], context: number): DiffSection[] {
  const shown = kept.map(() => false);
  kept.forEach((keep, index) => {
    if (!keep) return;
    for (let at = Math.max(0, index - context); at <= Math.min(kept.length - 1, index + context); at++)
      shown[at] = true;
  });
  const result: DiffSection[] = [];
  for (let from = 0; from < shown.length; ) {
    let end = from;
    while (end < shown.length && shown[end] === shown[from]) end++;
    const fold = shown[from] === false && end - from > 3;
    const last = result.at(-1);
    if (last !== undefined && last.fold === fold) last.count += end - from;
    else result.push({ fold, from, count: end - from });
    from = end;
  }
  return result;
}

/** What differs within a changed line: common start, differing middle, common end; null where hardly anything is common. */
export function inlineMarks(
  left: string,
  right: string,
): { start: number; leftEnd: number; rightEnd: number } | null {
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start++;
  let end = 0;
  while (end < shorter - start && left[left.length - 1 - end] === right[right.length - 1 - end]) end++;
  const common = left.slice(0, start).trim().length + end;
  if (common < Math.max(left.trim().length, right.trim().length) * 0.25) return null;
  return { start, leftEnd: left.length - end, rightEnd: right.length - end };
}
