"use client";

import { type KeyboardEvent, type PointerEvent, useState } from "react";

const WEEK = 7;
const clamp = (at: number, count: number) => Math.min(count - 1, Math.max(0, at));

/** Where a key moves the cursor to, or undefined for a key that does not; Escape takes it away. */
export function movedBy(key: string, at: number, count: number): number | null | undefined {
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return clamp(at - 1, count);
    case "ArrowRight":
    case "ArrowUp":
      return clamp(at + 1, count);
    case "PageUp":
      return clamp(at - WEEK, count);
    case "PageDown":
      return clamp(at + WEEK, count);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    case "Escape":
      return null;
  }
}

/** The day of a chart that is read out, as an index, or null. `dayAt` finds it below the pointer. */
export function useDayCursor(count: number, dayAt: (clientX: number) => number | null) {
  const [chosen, setChosen] = useState<number | null>(null);
  const at = chosen === null ? null : clamp(chosen, count);
  return {
    at,
    onPointerMove: ({ clientX }: PointerEvent) => {
      const day = dayAt(clientX);
      setChosen(day === null || day < 0 || day >= count ? null : day);
    },
    onPointerLeave: () => setChosen(null),
    onBlur: () => setChosen(null),
    onKeyDown: (event: KeyboardEvent) => {
      // The last day is shown first, whatever the key.
      const moved = movedBy(event.key, at ?? count, count);
      if (moved === undefined) return;
      event.preventDefault();
      setChosen(moved);
    },
  };
}
