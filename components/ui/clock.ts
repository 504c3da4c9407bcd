"use client";

import { useEffect, useState } from "react";

/**
 * The current time, told by the server: `now` (its clock in an answer, ISO or Date) plus what has passed here since
 * that answer arrived, renewed every `everyMs`. A reader's own clock may be wrong by minutes; it is never shown.
 */
export function useServerClock(now: string | Date, everyMs: number): Date {
  const start = new Date(now).getTime();
  const [shown, setShown] = useState(start);
  useEffect(() => {
    const arrived = performance.now();
    const tick = () => setShown(start + (performance.now() - arrived));
    tick();
    const timer = setInterval(tick, everyMs);
    return () => clearInterval(timer);
  }, [start, everyMs]);
  return new Date(shown);
}
