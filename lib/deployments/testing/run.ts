import { setTimeout as sleep } from "node:timers/promises";
import { db } from "#lib/db.ts";
import { handleDeploymentJob } from "../reconcile.ts";

/** Plays the worker for one deployment until it has ended; fails after `looks` looks, saying what it waits for. */
export async function workUntilDone(id: string, looks = 200): Promise<void> {
  const { signal } = new AbortController();
  for (let look = 0; look < looks; look += 1) {
    if ((await handleDeploymentJob(id, signal)) === null) return;
    await sleep(100);
  }
  const targets = await db.deploymentTarget.findMany({
    where: { deploymentId: id },
    select: { state: true, cause: true, progress: true },
  });
  throw new Error(`deployment ${id} has not ended: ${JSON.stringify(targets)}`);
}
