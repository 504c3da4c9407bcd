"use client";

import { useEffect, useState } from "react";
import { type LogPattern, matcherOf } from "./line-filter.ts";
import { LogFilter } from "./log-filter.ts";
import type { PodLog } from "./use-pod-log.ts";

/** A pause in typing after which the log is looked through. */
const TYPED_MS = 150;

export type Filtering = { filter: LogFilter | null; invalid: boolean };

function isValid(pattern: LogPattern): boolean {
  try {
    matcherOf(pattern);
    return true;
  } catch {
    return false;
  }
}

/** The lines of a log that match what was typed; no filter while nothing is. */
export function useLogFilter({ log, version }: PodLog, text: string, regex: boolean): Filtering {
  const [filter, setFilter] = useState<LogFilter | null>(null);
  const [, draw] = useState(0);
  const invalid = regex && !isValid({ text, regex });
  useEffect(() => {
    setFilter(null);
    if (text === "" || invalid) return;
    let made: LogFilter | null = null;
    const timer = setTimeout(() => {
      const worker = new Worker(new URL("./filter.worker.ts", import.meta.url), { type: "module" });
      made = new LogFilter(log, { text, regex }, worker, () => draw((count) => count + 1));
      setFilter(made);
    }, TYPED_MS);
    return () => {
      clearTimeout(timer);
      made?.stop();
    };
  }, [log, text, regex, invalid]);
  useEffect(() => {
    if (version > 0) filter?.grown();
  }, [filter, version]);
  return { filter, invalid };
}
