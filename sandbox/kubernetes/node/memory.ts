import { readFileSync } from "node:fs";

const LOOK_EVERY = 200;

/**
 * Watches what a process keeps in memory, and calls back once it is more than the limit (bytes), as the kernel acts for a
 * container. Program files that are shared with other processes do not count. Answers how to stop.
 */
export function watchMemory(pid: number, limit: number, exceeded: () => void): () => void {
  const timer = setInterval(() => {
    if (anonymousBytes(pid) <= limit) return;
    clearInterval(timer);
    exceeded();
  }, LOOK_EVERY);
  return () => clearInterval(timer);
}

/** 0 for a process that is gone, or where the system does not say. */
function anonymousBytes(pid: number): number {
  try {
    const [, kilobytes = "0"] =
      /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return 0;
  }
}
