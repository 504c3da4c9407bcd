import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import type { Cluster } from "#lib/adapters/ports.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { connectCluster } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { refuseIfBlocked, rightBlockers } from "#lib/deployments/decision.ts";
import type { Blocker } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { refuseAutoscaled } from "./autoscaler.ts";
import { findTarget, ownObject, type Place } from "./place.ts";
import { readLivePlace } from "./queries.ts";
import type { pauseSchema, restartSchema, scaleSchema } from "./schema.ts";

/** What is asked for, and how its effect is told. */
const DONE = { restart: "restarted", scale: "scaled", pause: "paused", resume: "resumed" } as const;
type Verb = keyof typeof DONE;
type Ref = { apiVersion: string; kind: string; namespace: string; name: string };
type Operation = {
  actor: Actor;
  place: Place;
  workload: z.output<typeof restartSchema>;
  verb: Verb;
  facts: Record<string, string | number>;
  /** Finds a reason of the cluster's own against it, before anything is recorded. */
  refuse?: (client: Cluster, ref: Ref) => Promise<void>;
  act: (client: Cluster, ref: Ref) => Promise<unknown>;
};

/**
 * Right, then record, then act: the audit trail knows of every effect, also of one whose answer was lost. An effect
 * that failed is recorded as failed. A target that a deployment works on is left to it.
 */
async function operate({ actor, place, workload, verb, facts, refuse, act }: Operation) {
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
  await refuse?.(client, ref);
  const record = (action: string, data: Record<string, unknown>) =>
    transaction(async (tx) => {
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
  await record(DONE[verb], { outcome: "asked" });
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

/**
 * Sets a workload's number of pods; the next deployment brings the configured one back.
 * @throws AppError BLOCKED (`AUTOSCALED`) when an autoscaler would set it back; as `restartWorkload`
 */
export function scaleWorkload(input: { actor: Actor } & Place & z.output<typeof scaleSchema>) {
  const { actor, project, environment, replicas, ...workload } = input;
  return operate({
    actor,
    place: { project, environment },
    workload,
    verb: "scale",
    facts: { replicas },
    refuse: refuseAutoscaled,
    act: (client, ref) => client.scale(ref, replicas),
  });
}

/**
 * Leaves a Deployment's pods as they are whatever is changed, or goes on with what was. The field is the portal's own
 * and goes away with the resumption, so that the next deployment finds nobody else's value.
 */
export function pauseWorkload(input: { actor: Actor } & Place & z.output<typeof pauseSchema>) {
  const { actor, project, environment, paused, ...workload } = input;
  return operate({
    actor,
    place: { project, environment },
    workload,
    verb: paused ? "pause" : "resume",
    facts: {},
    act: (client, ref) => client.mergePatch(ref, { spec: { paused: paused ? true : null } }),
  });
}
