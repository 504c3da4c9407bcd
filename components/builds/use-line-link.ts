"use client";

import { useCallback, useEffect, useState } from "react";
import { hashOfRange, type LineRange, rangeOfHash } from "#components/ui/log/line-range.ts";

/** The lines that the address names (`#L12`, `#L12-20`); what is picked goes into the address, without a new entry of the history. */
export function useLineLink(): {
  picked: LineRange | null;
  pick: (lines: LineRange | null) => void;
  /** The line that the page was opened at, or led to since; `key` is raised each time. */
  opened: { line: number; key: number } | undefined;
} {
  const [picked, setPicked] = useState<LineRange | null>(null);
  const [opened, setOpened] = useState<{ line: number; key: number }>();
  useEffect(() => {
    const follow = () => {
      const lines = rangeOfHash(window.location.hash);
      setPicked(lines);
      if (lines !== null) setOpened((old) => ({ line: lines.from, key: (old?.key ?? 0) + 1 }));
    };
    follow();
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  const pick = useCallback((lines: LineRange | null) => {
    setPicked(lines);
    const { pathname, search } = window.location;
    const hash = lines === null ? "" : hashOfRange(lines);
    window.history.replaceState(window.history.state, "", `${pathname}${search}${hash}`);
  }, []);
  return { picked, pick, opened };
}

/** Address of this page at lines of its log. */
export const lineAddress = (lines: LineRange): string => {
  const { origin, pathname, search } = window.location;
  return `${origin}${pathname}${search}${hashOfRange(lines)}`;
};
