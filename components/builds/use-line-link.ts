"use client";

import { useCallback, useEffect, useState } from "react";

const LINE = /^#L([1-9]\d{0,8})$/;
const lineOf = (hash: string): number | null => {
  const found = LINE.exec(hash)?.[1];
  return found === undefined ? null : Number(found);
};

/** The line that the address names (`#L123`); what is picked goes into the address, without a new entry of the history. */
export function useLineLink(): {
  picked: number | null;
  pick: (line: number | null) => void;
  /** The line that the page was opened at, or led to since; `key` is raised each time. */
  opened: { line: number; key: number } | undefined;
} {
  const [picked, setPicked] = useState<number | null>(null);
  const [opened, setOpened] = useState<{ line: number; key: number }>();
  useEffect(() => {
    const follow = () => {
      const line = lineOf(window.location.hash);
      setPicked(line);
      if (line !== null) setOpened((old) => ({ line, key: (old?.key ?? 0) + 1 }));
    };
    follow();
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  const pick = useCallback((line: number | null) => {
    setPicked(line);
    const { pathname, search } = window.location;
    window.history.replaceState(
      window.history.state,
      "",
      line === null ? `${pathname}${search}` : `${pathname}${search}#L${line}`,
    );
  }, []);
  return { picked, pick, opened };
}

/** Address of this page at a line of its log. */
export const lineAddress = (line: number): string => {
  const { origin, pathname, search } = window.location;
  return `${origin}${pathname}${search}#L${line}`;
};
