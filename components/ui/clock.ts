"use client";

import { useLayoutEffect, useState } from "react";

/**
 * When an answer's clock was seen first in this tab, by `performance.now()`. What is drawn later from the same answer
 * (a row that opens, a page reached without a reload) must not take its clock for the present.
 */
const arrivals = new Map<number, number>();
const KEPT = 200;

function arrivalOf(start: number): number {
  const known = arrivals.get(start);
  if (known !== undefined) return known;
  const arrived = performance.now();
  arrivals.set(start, arrived);
  const [oldest] = arrivals.keys();
  if (arrivals.size > KEPT && oldest !== undefined) arrivals.delete(oldest);
  return arrived;
}

/**
 * The current time, told by the server: `now` (its clock in an answer, ISO or Date) plus what has passed here since
 * that answer arrived, renewed every `everyMs`. A reader's own clock may be wrong by minutes; it is never shown.
 */
export function useServerClock(now: string | Date, everyMs: number): Date {
  const start = new Date(now).getTime();
  const [shown, setShown] = useState(start);
  // Before the first paint, so that nothing is seen to jump.
  useLayoutEffect(() => {
    const arrived = arrivalOf(start);
    const tick = () => setShown(start + (performance.now() - arrived));
    tick();
    const timer = setInterval(tick, everyMs);
    return () => clearInterval(timer);
  }, [start, everyMs]);
  return new Date(shown);
}
