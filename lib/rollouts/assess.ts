import type { Manifest } from "#lib/adapters/ports.ts";
import { type Finding, podFindings } from "./causes.ts";
import { overdue } from "./deadline.ts";
import {
  type ClusterEvent,
  eventSchema,
  type Pod,
  podSchema,
  type ReplicaSet,
  replicaSetSchema,
  type Workload,
  workloadSchema,
} from "./facts.ts";
import { viewPod } from "./pods.ts";
import {
  type Reading,
  readDaemonSet,
  readDeployment,
  readJob,
  readStatefulSet,
  type Since,
} from "./revision.ts";
import type { Assessment, Cause } from "./schema.ts";

export type AssessInput = {
  workload: Manifest;
  /** Those of the namespace; only a Deployment's own are read. */
  replicaSets: Manifest[];
  /** Those of the namespace; pods of other workloads are left aside. */
  pods: Manifest[];
  events: Manifest[];
  now: Date;
  deployed?: {
    /** `metadata.generation` of the answer to the apply: an older object is not judged. */
    generation?: number;
    /** When it was applied: older conditions are left over from an earlier attempt. */
    at?: Date;
  };
};

/**
 * How far a workload has come with the revision it was given last. Deployments, StatefulSets, DaemonSets and Jobs are
 * judged by their controllers' own rules; anything else is healthy when it exists.
 *
 * `failed` comes as early as waiting is pointless: an image that cannot be pulled, a container that crashes again and
 * again, pods that quota or pod security refuse, or a controller that has given up. What may still pass (no node
 * free, a probe not yet answering, a missing ConfigMap) stays `progressing` with a `cause`.
 */
export function assessWorkload(input: AssessInput): Assessment {
  const workload = workloadSchema.parse(input.workload);
  const events = input.events.map((event) => eventSchema.parse(event));
  const pods = input.pods.map((pod) => podSchema.parse(pod));
  const sets = input.replicaSets.map((set) => replicaSetSchema.parse(set));
  const reading = read(workload, sets, events, { at: input.deployed?.at, now: input.now });
  if (!reading)
    return { state: "healthy", desired: 0, updated: 0, ready: 0, available: 0, oldPods: 0, pods: [] };

  const own = pods.flatMap((pod) => {
    const revision = reading.revisionOf(pod);
    return revision ? [{ pod, revision, view: viewPod(pod, revision) }] : [];
  });
  const fresh = own.filter(({ revision }) => revision === "new").map(({ pod }) => pod);
  const { desired, updated, ready, available } = reading;
  return {
    ...judge(workload, reading, fresh, events, { ...input.deployed, now: input.now }),
    desired,
    updated,
    ready,
    available,
    oldPods: own.filter(({ revision }) => revision === "old").length,
    pods: own.map(({ view }) => view).sort((a, b) => a.name.localeCompare(b.name)),
  };
}

function read(workload: Workload, sets: ReplicaSet[], events: ClusterEvent[], since: Since): Reading | null {
  switch (workload.kind) {
    case "Deployment":
      return readDeployment(workload, sets, events, since);
    case "StatefulSet":
      return readStatefulSet(workload, events, since);
    case "DaemonSet":
      return readDaemonSet(workload, events, since);
    case "Job":
      return readJob(workload, events, since);
    default:
      return null;
  }
}

/** The status speaks of what we applied, not of what was there before. */
function isObserved({ kind, metadata, status }: Workload, deployed: number | undefined): boolean {
  const generation = metadata.generation ?? 0;
  if (deployed !== undefined && generation < deployed) return false;
  // A Job's template cannot change, and its status names no generation.
  return kind === "Job" || (status?.observedGeneration ?? 0) >= generation;
}

/** Whether a workload's controller has come to what was written last. */
export const isNoticed = (workload: Manifest): boolean =>
  isObserved(workloadSchema.parse(workload), undefined);

function judge(
  workload: Workload,
  reading: Reading,
  pods: Pod[],
  events: ClusterEvent[],
  deployed: { generation?: number; at?: Date; now: Date },
): { state: Assessment["state"]; cause?: Cause } {
  if (!isObserved(workload, deployed.generation)) {
    const unseen = overdue(workload, { ...deployed, pods: [], seen: false, heldUp: false });
    return unseen ? { state: "failed", cause: causeOf(unseen) } : { state: "progressing" };
  }
  if (reading.complete) return { state: "healthy" };
  const found = pods.flatMap((pod) => podFindings(pod, events)).map((finding) => soften(finding, reading));
  if (reading.creation) found.push(reading.creation);
  const worst = found.find((finding) => finding.fatal) ?? found[0];
  if (reading.given) return { state: "failed", cause: causeOf(worst ?? reading.given) };
  if (worst?.fatal) return { state: "failed", cause: causeOf(worst) };
  const late = overdue(workload, { ...deployed, pods, seen: true, heldUp: worst !== undefined });
  if (late) return { state: "failed", cause: causeOf(worst ?? late) };
  return worst ? { state: "progressing", cause: causeOf(worst) } : { state: "progressing" };
}

const soften = (finding: Finding, { crashesAreFinal }: Reading): Finding =>
  crashesAreFinal || finding.code === "IMAGE_PULL" ? finding : { ...finding, fatal: false };

const causeOf = ({ code, message, facts, evidence }: Finding): Cause => ({ code, message, facts, evidence });
