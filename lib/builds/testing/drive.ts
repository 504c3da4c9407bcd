import { setTimeout as sleep } from "node:timers/promises";
import { db } from "#lib/db.ts";
import { handleBuildJob } from "../reconcile.ts";

/** Looks at a build as a worker does until it is over, or `until` says enough. Fails after a long while. */
export async function drive(
  buildId: string,
  until: (build: Awaited<ReturnType<typeof readBuild>>) => boolean = () => false,
) {
  for (let look = 0; look < 600; look += 1) {
    const again = await handleBuildJob(buildId, new AbortController().signal);
    const build = await readBuild(buildId);
    if (again === null || until(build)) return build;
    if (again > 0) await sleep(100);
  }
  throw new Error(`build ${buildId} does not end: ${JSON.stringify(await readBuild(buildId))}`);
}

export const readBuild = (id: string) =>
  db.build.findUniqueOrThrow({
    where: { id },
    include: { artifact: true, item: { include: { release: true } } },
  });
