"use client";

import { type RefObject, useEffect, useRef } from "react";

/**
 * `j` and `k` move through the links of a list (those with `data-row-link`, or every row's first link), `enter` opens
 * the one in focus as for any link. Typing in a field or holding a modifier is left alone.
 */
export function useRowKeys<Element extends HTMLElement>(): RefObject<Element | null> {
  const list = useRef<Element>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || (event.key !== "j" && event.key !== "k")) return;
      const target = event.target;
      if (target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]"))
        return;
      const links = [...(list.current?.querySelectorAll<HTMLElement>("[data-row-link]") ?? [])];
      if (links.length === 0) return;
      const focused = document.activeElement;
      const now = focused instanceof HTMLElement ? links.indexOf(focused) : -1;
      const next = event.key === "j" ? Math.min(links.length - 1, now + 1) : Math.max(0, now - 1);
      links[next]?.focus();
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return list;
}
