import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gaveUp } from "./failure.ts";

const POLL_MS = 100;

/**
 * Runs `work` while no other process does so under the same lock folder. A lock that its holder cannot give back any
 * more (it died, or `staleMs` passed) is taken over. Two takeovers at once could let two in; for a mirror that is
 * harmless, since git locks each ref itself and the later fetch fails and is tried again.
 * Throws AdapterError `unreachable` when the lock is not free within `waitMs`.
 */
export async function withLock<T>(
  path: string,
  options: { waitMs: number; staleMs: number },
  work: () => Promise<T>,
): Promise<T> {
  const until = Date.now() + options.waitMs;
  while (!(await take(path))) {
    if (await isStale(path, options.staleMs)) await remove(path);
    else if (Date.now() > until) throw gaveUp("the mirror is busy");
    else await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
  await writeFile(join(path, "owner"), `${hostname()} ${process.pid}`);
  return true;
}

async function isStale(path: string, staleMs: number): Promise<boolean> {
  try {
    if (Date.now() - (await stat(path)).mtimeMs > staleMs) return true;
    const [host, pid] = (await readFile(join(path, "owner"), "utf8")).split(" ");
    return host === hostname() && pid !== undefined && !isAlive(Number(pid));
  } catch {
    // Given back, or taken a moment ago and not signed yet.
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Moved away first: of several who find the lock stale, only one succeeds. */
async function remove(path: string): Promise<void> {
  const aside = `${path}.${process.pid}.${Date.now()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  await rm(aside, { recursive: true, force: true });
}
