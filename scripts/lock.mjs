import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

function holderIsGone(lock) {
  try {
    process.kill(Number(readFileSync(join(lock, "pid"), "utf8")), 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

/**
 * Runs `work` while no other process of this machine runs under the same lock; waits for its turn.
 * The lock of a killed holder is taken over.
 */
export async function withLock(lock, work, onWait = () => {}) {
  mkdirSync(dirname(lock), { recursive: true });
  for (let told = false; ; ) {
    // Made complete, then renamed into place: a lock without its holder's id cannot be seen.
    const draft = `${lock}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    writeFileSync(join(draft, "pid"), String(process.pid));
    try {
      renameSync(draft, lock);
      break;
    } catch {
      rmSync(draft, { recursive: true, force: true });
    }
    if (holderIsGone(lock)) rmSync(lock, { recursive: true, force: true });
    else if (!told) {
      told = true;
      onWait();
    }
    await sleep(300);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
