import { readFile } from "node:fs/promises";

/** The most memory this process has had. `resourceUsage().maxRSS` will not do: it begins with what the parent had. */
export async function peakKiB(): Promise<number> {
  const peak = /VmHWM:\s+(\d+) kB/.exec(await readFile("/proc/self/status", "utf8"));
  if (!peak) throw new Error("no VmHWM");
  return Number(peak[1]);
}
