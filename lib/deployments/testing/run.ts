import { setTimeout as sleep } from "node:timers/promises";
import { handleDeploymentJob } from "../reconcile.ts";

/** Plays the worker for one deployment until it has ended; fails after `looks` looks. */
export async function workUntilDone(id: string, looks = 200): Promise<void> {
  const { signal } = new AbortController();
  for (let look = 0; look < looks; look += 1) {
    if ((await handleDeploymentJob(id, signal)) === null) return;
    await sleep(100);
  }
  throw new Error(`deployment ${id} has not ended`);
}
