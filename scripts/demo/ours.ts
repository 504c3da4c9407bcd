import { readdirSync, readFileSync } from "node:fs";
import { commandLine, endProcess } from "../processes.ts";

/** Environment variable that every process of a demo carries, with the demo's folder as its value. */
export const MARK = "REFRACT_DEMO";

function carriesMark(pid: number, dir: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`${MARK}=${dir}`);
  } catch {
    return false;
  }
}

/**
 * Ids of the processes that a demo in this folder started, and of those that they started.
 * @param recorded ids of a state file, believed only where the system cannot show a process's environment
 */
export function processesOf(dir: string, recorded: readonly number[] = []): number[] {
  if (process.platform !== "linux") {
    return recorded.filter((pid) => /node|next-server|postgres/.test(commandLine(pid)));
  }
  const all = readdirSync("/proc").map(Number);
  return all.filter((pid) => pid > 0 && pid !== process.pid && carriesMark(pid, dir));
}

/** Ends what is left of a demo that could not clean up behind itself. Returns how many processes there were. */
export async function endLeftovers(dir: string, recorded: readonly number[] = []): Promise<number> {
  const found = processesOf(dir, recorded);
  // SIGINT is for PostgreSQL, which waits for its clients after a SIGTERM.
  await Promise.all(found.map((pid) => endProcess(pid, ["SIGTERM", "SIGINT", "SIGKILL"], 4_000)));
  return found.length;
}
