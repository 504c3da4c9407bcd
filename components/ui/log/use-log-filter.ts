"use client";

import { useEffect, useState } from "react";
import { type LogPattern, matcherOf } from "./line-filter.ts";
import type { LogBuffer } from "./log-buffer.ts";
import { LogFilter } from "./log-filter.ts";

/** A pause in typing after which the log is looked through. */
const TYPED_MS = 150;
/** What is found is drawn at most this often. */
const DRAW_MS = 150;

function isValid(pattern: LogPattern): boolean {
  try {
    matcherOf(pattern);
    return true;
  } catch {
    return false;
  }
}

/** The lines of a log that match what was typed; no filter while nothing is. `found` is raised as more are found. */
export function useLogFilter(
  { log, version }: { log: LogBuffer; version: number },
  text: string,
  regex: boolean,
): { filter: LogFilter | null; invalid: boolean; found: number } {
  const [filter, setFilter] = useState<LogFilter | null>(null);
  const [found, setFound] = useState(0);
  const invalid = regex && !isValid({ text, regex });
  useEffect(() => {
    setFilter(null);
    if (text === "" || invalid) return;
    let made: LogFilter | null = null;
    let drawing: ReturnType<typeof setTimeout> | undefined;
    const timer = setTimeout(() => {
      const worker = new Worker(new URL("./filter.worker.ts", import.meta.url), { type: "module" });
      made = new LogFilter(log, { text, regex }, worker, () => {
        drawing ??= setTimeout(() => {
          drawing = undefined;
          setFound((count) => count + 1);
        }, DRAW_MS);
      });
      setFilter(made);
    }, TYPED_MS);
    return () => {
      clearTimeout(timer);
      clearTimeout(drawing);
      made?.stop();
    };
  }, [log, text, regex, invalid]);
  useEffect(() => {
    if (version > 0) filter?.grown();
  }, [filter, version]);
  return { filter, invalid, found };
}
