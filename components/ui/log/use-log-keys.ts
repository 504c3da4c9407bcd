"use client";

import { type RefObject, useEffect, useRef } from "react";

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest("input, textarea, select, [contenteditable], [role=dialog]") !== null;

/**
 * Keys of a log: `/` and Ctrl+F to search, `n` and `N` to step, `g` and `G` to its ends, `f` over the whole window. Ctrl+F works on the whole page,
 * for the browser's own search sees only what is drawn; pressed in the search it is the browser's again.
 */
export function useLogKeys(input: {
  root: RefObject<HTMLElement | null>;
  input: RefObject<HTMLInputElement | null>;
  onStep: (by: 1 | -1) => void;
  onStart: () => void;
  onEnd: () => void;
  onFull: () => void;
  /** Set while it covers the window. */
  onEscape: (() => void) | undefined;
}): void {
  const latest = useRef(input);
  latest.current = input;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { root, input: search, onStep, onStart, onEnd, onFull, onEscape } = latest.current;
      if (event.defaultPrevented || event.altKey || typing(event.target)) return;
      const opensSearch = event.key.toLowerCase() === "f" && (event.ctrlKey || event.metaKey);
      const inside = event.target instanceof Node && root.current?.contains(event.target);
      if (event.key === "Escape" && onEscape) return onEscape();
      if (!opensSearch && (!inside || event.ctrlKey || event.metaKey)) return;
      if (opensSearch || event.key === "/") search.current?.select();
      else if (event.key === "n") onStep(1);
      else if (event.key === "N") onStep(-1);
      else if (event.key === "g") onStart();
      else if (event.key === "G") onEnd();
      else if (event.key === "f") onFull();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
