"use client";

import { useCallback, useMemo, useState } from "react";
import { findHits } from "../log-search.ts";
import type { LogBuffer } from "./log-buffer.ts";
import type { HitsOf, LogMarks, Rows } from "./log-rows.tsx";
import { useLogFilter } from "./use-log-filter.ts";

/**
 * What is looked for in a log: the lines that match, the one that is current, and which lines are shown.
 * @param shown only lines that match are shown, not all
 */
export function useLogFind(source: { log: LogBuffer; version: number }, startsFiltered: boolean) {
  const { log } = source;
  const [text, setText] = useState("");
  const [regex, setRegex] = useState(false);
  const [only, setOnly] = useState(startsFiltered);
  const [current, setCurrent] = useState<number | null>(null);
  const { filter, invalid, found } = useLogFilter(source, text, regex);

  const needle = regex ? null : text;
  const hitsOf = useCallback<HitsOf>(
    (line, plain) => {
      if (needle !== null) return findHits([plain], needle).map((hit) => ({ ...hit, line }));
      const hit = filter?.at(filter.placeOf(line));
      return hit?.line === line ? [{ line, ...hit.match }] : [];
    },
    [needle, filter],
  );
  // The expression's matches come later than the lines are drawn: drawn again as more are found.
  const drawn = regex ? found : 0;
  const marks = useMemo<LogMarks | null>(() => filter && { hitsOf, drawn }, [filter, hitsOf, drawn]);
  const filtered = only && filter !== null;
  const rows: Rows = filtered
    ? { first: filter.first, end: filter.end, at: (place) => filter.at(place) ?? null }
    : {
        first: log.first,
        end: log.end,
        at: (line) => (line >= log.first && line < log.end ? { line, match: null } : null),
      };
  const count = filter === null ? 0 : filter.end - filter.first;
  /** Place of the current match among all of them, from 1; 0 when none is current. */
  const at = filter === null || current === null ? 0 : filter.placeOf(current) - filter.first + 1;

  /** The line of the next match (`by` 1) or the previous one, from `from` on; around at the ends. */
  const step = (by: 1 | -1, from: number): number | null => {
    if (filter === null || count === 0) return null;
    const here = filter.placeOf(from);
    const stands = filter.at(here)?.line === from;
    const next = by === 1 ? (stands && current === from ? here + 1 : here) : here - 1;
    const place = filter.first + ((((next - filter.first) % count) + count) % count);
    const line = filter.at(place)?.line ?? null;
    setCurrent(line);
    return line;
  };
  return {
    text,
    setText: (next: string) => {
      setText(next);
      setCurrent(null);
    },
    regex,
    setRegex,
    only,
    setOnly,
    filter,
    filtered,
    invalid,
    rows,
    count,
    at,
    current,
    step,
    marks,
    /** Where a line is among those shown. */
    placeOf: (line: number) => (filtered ? filter.placeOf(line) : line),
  };
}
export type LogFind = ReturnType<typeof useLogFind>;
