import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { connectCluster } from "#lib/connections/connect.ts";
import { guardStream } from "#lib/events/guard.ts";
import { findTarget, ownObject } from "./place.ts";
import { readLivePlace } from "./queries.ts";
import type { podLogQuerySchema, podParams } from "./schema.ts";

/**
 * The log of a pod's container, byte for byte as the cluster gives it and no faster than the reader takes it: however long
 * it is, a piece of it is all that is in memory. With `follow` the answer stays open until the container ends or the
 * reader goes, or is no longer allowed to read. @throws AppError NOT_FOUND; AdapterError
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
  const lost = new AbortController();
  const signal = AbortSignal.any([input.signal, lost.signal]);
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
    { signal },
  );
  const name = [pod, ...(container ? [container] : []), ...(input.previous === "1" ? ["previous"] : [])];
  return new Response(input.follow === "1" ? guarded(log, { ...input, signal }, project.id, lost) : log, {
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

/** A log that ends when its reader loses the right to it. */
function guarded(
  log: ReadableStream<Uint8Array>,
  { actor, signal }: { actor: Actor; signal: AbortSignal },
  projectId: string,
  lost: AbortController,
): ReadableStream<Uint8Array> {
  const unguard = guardStream({
    actor,
    allowed: (now) => can(now.rights, "project.read", projectId),
    onBeat: () => undefined,
    onLost: () => lost.abort(new Error("the right to read was lost")),
  });
  signal.addEventListener("abort", unguard, { once: true });
  return log.pipeThrough(new TransformStream({ flush: unguard }));
}
