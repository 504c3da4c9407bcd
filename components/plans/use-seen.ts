"use client";

import { useEffect, useState } from "react";

const PREFIX = "refract.seen.";
/** Plans whose ticks are kept; the oldest are forgotten. */
const KEPT = 40;
const INDEX = `${PREFIX}index`;

function read(name: string): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? "[]");
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  } catch {
    return [];
  }
}

function write(digest: string, keys: string[]): void {
  try {
    const index = [digest, ...read(INDEX).filter((other) => other !== digest)];
    for (const old of index.slice(KEPT)) localStorage.removeItem(PREFIX + old);
    localStorage.setItem(INDEX, JSON.stringify(index.slice(0, KEPT)));
    localStorage.setItem(PREFIX + digest, JSON.stringify(keys));
  } catch {
    // No room or no storage: ticks last as long as the page.
  }
}

/** Which parts of a plan the reader ticked off in this browser. A plan with another digest starts unseen. */
export function useSeen(digest: string): {
  seen: ReadonlySet<string>;
  mark: (key: string, seen: boolean) => void;
} {
  const [keys, setKeys] = useState<string[]>([]);
  useEffect(() => setKeys(read(PREFIX + digest)), [digest]);
  return {
    seen: new Set(keys),
    mark: (key, seen) => {
      const next = seen ? [...new Set([...keys, key])] : keys.filter((other) => other !== key);
      setKeys(next);
      write(digest, next);
    },
  };
}
