import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { connectCluster } from "#lib/connections/connect.ts";
import { findTarget, ownObject } from "./place.ts";
import { readLivePlace } from "./queries.ts";
import type { podLogQuerySchema, podParams } from "./schema.ts";

/**
 * The log of a pod's container, byte for byte as the cluster gives it and no faster than the reader takes it: however long
 * it is, a piece of it is all that is in memory. With `follow` the answer stays open until the container ends or the
 * reader goes. @throws AppError NOT_FOUND; AdapterError
 */
export async function readPodLog(
  input: { actor: Actor; signal: AbortSignal } & z.output<typeof podParams> &
    z.output<typeof podLogQuerySchema>,
): Promise<Response> {
  const { pod, container } = input;
  const { project, environment } = await readLivePlace(input.actor, input);
  const target = await findTarget({ projectId: project.id, environmentId: environment.id }, input);
  const client = await connectCluster(target.clusterId);
  const ref = { namespace: target.namespace, name: pod };
  await ownObject(client, { apiVersion: "v1", kind: "Pod", ...ref }, input);
  const log = await client.openPodLog(
    ref,
    {
      container,
      previous: input.previous === "1",
      tailLines: input.tail,
      sinceSeconds: input.since,
      timestamps: input.timestamps === "1",
      follow: input.follow === "1",
    },
    { signal: input.signal },
  );
  const name = [pod, ...(container ? [container] : []), ...(input.previous === "1" ? ["previous"] : [])];
  return new Response(log, {
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
      ...(input.download === "1"
        ? { "content-disposition": `attachment; filename="${name.join(".")}.log"` }
        : {}),
    },
  });
}
