import { creationFinding, type Finding } from "./causes.ts";
import {
  type ClusterEvent,
  type Condition,
  conditionOf,
  type Pod,
  type ReplicaSet,
  timeOf,
  type Workload,
} from "./facts.ts";

const REVISION = "deployment.kubernetes.io/revision";

/** What a kind of workload says of its own rollout. */
export type Reading = {
  desired: number;
  updated: number;
  ready: number;
  available: number;
  /** The controller has nothing left to do. */
  complete: boolean;
  /** The revision of a pod of this workload; null for somebody else's pod. */
  revisionOf(pod: Pod): "new" | "old" | null;
  /** The cluster refuses to create pods. */
  creation: Finding | null;
  /** The controller itself has given up. */
  given: Finding | null;
  /** A crash ends the rollout early. A Job counts its own failures. */
  crashesAreFinal: boolean;
};

export type Since = { at?: Date; now: Date };

const owns = (uid: string | null | undefined, pod: Pod): boolean =>
  (pod.metadata.ownerReferences ?? []).some((owner) => owner.uid === uid);

const givenUp = (
  code: "DEADLINE_EXCEEDED" | "UNKNOWN",
  condition: Condition,
  facts: Finding["facts"],
): Finding => ({
  code,
  fatal: true,
  message: condition.message ?? condition.reason ?? code,
  facts: { reason: condition.reason ?? "", ...facts },
  evidence: [{ source: "status", text: condition.message ?? "", at: condition.lastUpdateTime ?? null }],
});

/** Conditions are left over from an earlier attempt until the controller has had its time again. */
function isStale(condition: Condition, workload: Workload, { at, now }: Since): boolean {
  const told = condition.lastUpdateTime ?? condition.lastTransitionTime;
  if (!at || !told || new Date(told).getTime() >= Math.floor(at.getTime() / 1000) * 1000) return false;
  const deadline = workload.spec?.progressDeadlineSeconds ?? 600;
  return now.getTime() - at.getTime() < deadline * 1000;
}

export function readDeployment(
  workload: Workload,
  sets: ReplicaSet[],
  events: ClusterEvent[],
  since: Since,
): Reading {
  const { metadata, status } = workload;
  const own = sets.filter((set) =>
    (set.metadata.ownerReferences ?? []).some((owner) => owner.uid === metadata.uid),
  );
  const revision = metadata.annotations?.[REVISION];
  const current = own.find((set) => revision && set.metadata.annotations?.[REVISION] === revision);
  const desired = workload.spec?.replicas ?? 1;
  const updated = status?.updatedReplicas ?? 0;
  const available = status?.availableReplicas ?? 0;

  const progressing = conditionOf(status?.conditions, "Progressing");
  // A rollback starts with the condition of the rollout it leaves: the text names the ReplicaSet that is meant.
  const stalled =
    progressing?.reason === "ProgressDeadlineExceeded" &&
    (!current || (progressing.message ?? "").includes(`"${current.metadata.name}"`)) &&
    !isStale(progressing, workload, since);

  const failure = conditionOf(current?.status?.conditions ?? status?.conditions, "ReplicaFailure");
  const creator = { kind: "ReplicaSet", name: current?.metadata.name ?? "" };
  return {
    desired,
    updated,
    ready: status?.readyReplicas ?? 0,
    available,
    complete: updated >= desired && (status?.replicas ?? 0) <= updated && available >= updated,
    revisionOf: (pod) => {
      const set = own.find((candidate) => owns(candidate.metadata.uid, pod));
      if (!set) return null;
      return set === current ? "new" : "old";
    },
    creation:
      failure?.status === "True" && !isStale(failure, workload, since)
        ? creationFinding(failure.message ?? "", failure.lastTransitionTime ?? null, creator, events)
        : null,
    given:
      stalled && progressing
        ? givenUp("DEADLINE_EXCEEDED", progressing, {
            seconds: workload.spec?.progressDeadlineSeconds ?? 600,
          })
        : null,
    crashesAreFinal: true,
  };
}

/** Controllers other than the Deployment's tell of pods they cannot create in events alone. */
function creationEvent(workload: Workload, events: ClusterEvent[], { at }: Since): Finding | null {
  const owner = { kind: workload.kind, name: workload.metadata.name };
  const failed = events
    .filter(
      (event) =>
        event.reason === "FailedCreate" &&
        event.involvedObject?.kind === owner.kind &&
        event.involvedObject.name === owner.name &&
        (!at || new Date(timeOf(event) ?? 0) >= at),
    )
    .sort((a, b) => (timeOf(b) ?? "").localeCompare(timeOf(a) ?? ""))[0];
  return failed ? creationFinding(failed.message ?? "", timeOf(failed), owner, events) : null;
}

export function readStatefulSet(workload: Workload, events: ClusterEvent[], since: Since): Reading {
  const { spec, status, metadata } = workload;
  const desired = spec?.replicas ?? 1;
  const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
  const updated = status?.updatedReplicas ?? 0;
  const ready = status?.readyReplicas ?? 0;
  const available = status?.availableReplicas ?? ready;
  // Pods below the partition, and all of them under OnDelete, are left to a person.
  const toUpdate = spec?.updateStrategy?.type === "OnDelete" ? 0 : Math.max(desired - partition, 0);
  return {
    desired,
    updated,
    ready,
    available,
    complete:
      ready >= desired && available >= desired && updated >= toUpdate && (status?.replicas ?? 0) <= desired,
    revisionOf: (pod) => {
      if (!owns(metadata.uid, pod)) return null;
      return pod.metadata.labels?.["controller-revision-hash"] === status?.updateRevision ? "new" : "old";
    },
    creation: (status?.replicas ?? 0) < desired ? creationEvent(workload, events, since) : null,
    given: null,
    crashesAreFinal: true,
  };
}

export function readDaemonSet(workload: Workload, events: ClusterEvent[], since: Since): Reading {
  const { spec, status, metadata } = workload;
  const desired = status?.desiredNumberScheduled ?? 0;
  const updated = status?.updatedNumberScheduled ?? 0;
  const available = status?.numberAvailable ?? 0;
  const wanted = spec?.updateStrategy?.type === "OnDelete" ? 0 : desired;
  // The status names no revision; pods carry the generation of the template that they were made from.
  const generation = metadata.annotations?.["deprecated.daemonset.template.generation"];
  return {
    desired,
    updated,
    ready: status?.numberReady ?? 0,
    available,
    complete: updated >= wanted && available >= desired,
    revisionOf: (pod) => {
      if (!owns(metadata.uid, pod)) return null;
      const made = pod.metadata.labels?.["pod-template-generation"];
      return generation === undefined || made === undefined || made === generation ? "new" : "old";
    },
    creation: available < desired ? creationEvent(workload, events, since) : null,
    given: null,
    crashesAreFinal: true,
  };
}

export function readJob(workload: Workload, events: ClusterEvent[], since: Since): Reading {
  const { spec, status, metadata } = workload;
  const failed = conditionOf(status?.conditions, "Failed");
  const code = failed?.reason === "DeadlineExceeded" ? "DEADLINE_EXCEEDED" : "UNKNOWN";
  const succeeded = status?.succeeded ?? 0;
  return {
    desired: spec?.completions ?? spec?.parallelism ?? 1,
    updated: (status?.active ?? 0) + succeeded,
    ready: status?.ready ?? 0,
    available: succeeded,
    complete: conditionOf(status?.conditions, "Complete")?.status === "True",
    revisionOf: (pod) => (owns(metadata.uid, pod) ? "new" : null),
    creation: (status?.active ?? 0) + succeeded === 0 ? creationEvent(workload, events, since) : null,
    given: failed?.status === "True" ? givenUp(code, failed, {}) : null,
    crashesAreFinal: false,
  };
}
