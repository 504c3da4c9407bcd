import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import type { Cluster } from "#lib/adapters/ports.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { connectCluster } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { refuseIfBlocked, rightBlockers } from "#lib/deployments/decision.ts";
import { AppError, type Blocker } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { LABEL } from "#lib/plans/labels.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { readLivePlace } from "./queries.ts";
import type { podLogQuerySchema, podParams, restartSchema, scaleSchema } from "./schema.ts";

type Place = { project: string; environment: string };
type Where = { cluster: string; namespace?: string };

/** The target of an environment in a cluster. @throws AppError NOT_FOUND; INVALID_INPUT when the namespace must be said */
async function findTarget(place: { projectId: string; environmentId: string }, where: Where) {
  const found = await db.target.findMany({
    where: {
      ...place,
      cluster: { key: where.cluster },
      ...(where.namespace ? { namespace: where.namespace } : {}),
    },
    select: { id: true, clusterId: true, namespace: true },
  });
  const [target, second] = found;
  if (!target) throw new AppError("NOT_FOUND", `the environment is not in ${where.cluster}`);
  if (second)
    throw new AppError(
      "INVALID_INPUT",
      `the environment has several namespaces in ${where.cluster}: name one`,
    );
  return target;
}

/** The object, when it is this project's in this environment: nobody reaches a neighbour through a shared namespace. */
async function ownObject(
  client: Cluster,
  ref: { apiVersion: string; kind: string; namespace: string; name: string },
  place: Place,
) {
  const live = await client.get(ref);
  const labels = live?.metadata.labels ?? {};
  if (!live || labels[LABEL.project] !== place.project || labels[LABEL.environment] !== place.environment) {
    throw new AppError("NOT_FOUND", `no ${ref.kind} ${ref.name} of ${place.project} in ${place.environment}`);
  }
  return live;
}

/**
 * The log of a pod's container as text; with `follow` the answer stays open until the container ends or the reader
 * goes. @throws AppError NOT_FOUND; AdapterError
 */
export async function readPodLog(
  input: { actor: Actor; signal: AbortSignal } & z.output<typeof podParams> &
    z.output<typeof podLogQuerySchema>,
): Promise<Response> {
  const { project, environment } = await readLivePlace(input.actor, input);
  const target = await findTarget({ projectId: project.id, environmentId: environment.id }, input);
  const client = await connectCluster(target.clusterId);
  const ref = { namespace: target.namespace, name: input.pod };
  await ownObject(client, { apiVersion: "v1", kind: "Pod", ...ref }, input);
  const options = { container: input.container, previous: input.previous === "1", tailLines: input.tail };
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  };
  if (input.follow === "0") return new Response(await client.podLog(ref, options), { headers });
  const stop = new AbortController();
  const signal = AbortSignal.any([input.signal, stop.signal]);
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const onText = (text: string) => {
        if (!signal.aborted) controller.enqueue(encoder.encode(text));
      };
      client.followPodLog(ref, { ...options, onText }, { signal }).then(
        () => !stop.signal.aborted && controller.close(),
        (error) => !stop.signal.aborted && controller.error(error),
      );
    },
    cancel: () => stop.abort(),
  });
  return new Response(stream, { headers });
}

type Operation = {
  actor: Actor;
  place: Place;
  workload: z.output<typeof restartSchema>;
  verb: "restart" | "scale";
  facts: Record<string, string | number>;
  act: (
    client: Cluster,
    ref: { apiVersion: string; kind: string; namespace: string; name: string },
  ) => Promise<unknown>;
};

/**
 * Right, then record, then act: the audit trail knows of every effect, also of one whose answer was lost. An effect
 * that failed is recorded as failed. A target that a deployment works on is left to it.
 */
async function operate({ actor, place, workload, verb, facts, act }: Operation) {
  const { project, environment } = await readLivePlace(actor, place);
  const now = await databaseTime(db);
  const target = await findTarget({ projectId: project.id, environmentId: environment.id }, workload);
  refuseIfBlocked([
    ...rightBlockers(actor.rights, project.id, environment, now),
    ...(await busyBlockers(target.id, workload.cluster)),
  ]);
  const client = await connectCluster(target.clusterId);
  const { cluster, kind, name } = workload;
  const { namespace } = target;
  const ref = { apiVersion: "apps/v1", kind, namespace, name };
  await ownObject(client, ref, place);
  const record = (action: string, data: Record<string, unknown>) =>
    db.$transaction(async (tx) => {
      await emit(tx, {
        topics: [`environment:${project.key}/${environment.key}`, `project:${project.key}`],
        type: `live.${action}`,
        data: {
          cluster,
          namespace,
          kind,
          name,
          ...facts,
          by: { username: actor.username, displayName: actor.displayName },
        },
      });
      await recordAudit(tx, {
        actor,
        action: `live.${verb}`,
        subject: "workload",
        subjectId: `${cluster}/${namespace}/${kind}/${name}`,
        projectKey: project.key,
        data: { environment: environment.key, ...facts, ...data },
      });
    });
  await record(verb === "restart" ? "restarted" : "scaled", { outcome: "asked" });
  try {
    await act(client, ref);
  } catch (error) {
    await record(`${verb}_failed`, {
      outcome: "failed",
      reason: error instanceof Error ? error.message : String(error),
    });
    throw error;
  }
  return { cluster, namespace, kind, name };
}

async function busyBlockers(targetId: string, cluster: string): Promise<Blocker[]> {
  const lock = await db.targetLock.findUnique({
    where: { targetId },
    select: { deployment: { select: { id: true, release: { select: { number: true } } } } },
  });
  if (!lock) return [];
  const facts = { cluster, deployment: lock.deployment.id, release: lock.deployment.release.number };
  const message = `${cluster} is taken by the deployment of ${facts.release}`;
  return [{ code: "TARGET_BUSY", message, facts, liftedBy: ["system"] }];
}

/** Replaces a workload's pods, as its strategy says. @throws AppError NOT_FOUND | FORBIDDEN | BLOCKED; AdapterError */
export function restartWorkload(input: { actor: Actor } & Place & z.output<typeof restartSchema>) {
  const { actor, project, environment, ...workload } = input;
  const at = new Date().toISOString();
  const annotations = { "kubectl.kubernetes.io/restartedAt": at };
  return operate({
    actor,
    place: { project, environment },
    workload,
    verb: "restart",
    facts: { at },
    act: (client, ref) => client.mergePatch(ref, { spec: { template: { metadata: { annotations } } } }),
  });
}

/** Sets a workload's number of pods; the next deployment brings the configured one back. */
export function scaleWorkload(input: { actor: Actor } & Place & z.output<typeof scaleSchema>) {
  const { actor, project, environment, replicas, ...workload } = input;
  return operate({
    actor,
    place: { project, environment },
    workload,
    verb: "scale",
    facts: { replicas },
    act: (client, ref) => client.scale(ref, replicas),
  });
}
