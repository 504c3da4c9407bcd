import type { LiveTargetDto } from "#lib/live/schema.ts";

type Event = Pick<LiveTargetDto["events"][number], "reason" | "message">;
/** What an event says: a text of `live.events.words`, with what goes into it. */
export type EventMeaning = { code: string; facts: Record<string, string> };
/** The first text whose expression is found in the message; its named groups are the facts. */
type Rule = [code: string, says?: RegExp];

const MISSING = /(?:configmap|secret|serviceaccount|persistentvolumeclaim) "(?<name>[^"]+)" not found/i;
const PROBE = {
  status: /statuscode: (?<status>\d{3})/i,
  refused: /connection refused/i,
  timeout: /timeout|deadline exceeded/i,
};

/** Reasons by what they are called in the source of Kubernetes; what is not here is shown in its own words alone. */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  // scheduler
  Scheduled: [["Scheduled", /assigned \S+ to (?<node>\S+)/]],
  FailedScheduling: [
    ["FailedSchedulingResources", /Insufficient (?<resource>[\w./-]*\w)/],
    ["FailedSchedulingRules", /affinity|selector|taint/i],
    ["FailedScheduling"],
  ],
  Preempted: [["Preempted"]],
  TriggeredScaleUp: [["TriggeredScaleUp"]],
  NotTriggerScaleUp: [["NotTriggerScaleUp"]],
  // kubelet: images and containers
  Pulling: [["Pulling"]],
  Pulled: [["PulledPresent", /already present/], ["Pulled"]],
  InspectFailed: [["FailedImageName", /InvalidImageName|invalid reference/i], ["FailedPull"]],
  ErrImageNeverPull: [["ErrImageNeverPull"]],
  Created: [["Created"]],
  Started: [["Started"]],
  BackOff: [["BackOffPull", /pulling image/], ["BackOffRestart"]],
  Failed: [
    ["FailedImageName", /InvalidImageName|invalid reference/i],
    ["FailedPull", /pull|ErrImage/i],
    ["FailedMissing", MISSING],
    ["Failed"],
  ],
  Killing: [
    ["KillingProbe", /failed (?:liveness|startup) probe/],
    ["KillingPreempted", /preempt/i],
    ["Killing"],
  ],
  OOMKilling: [["OOMKilling"]],
  ExceededGracePeriod: [["ExceededGracePeriod"]],
  FailedPostStartHook: [["FailedPostStartHook"]],
  FailedPreStopHook: [["FailedPreStopHook"]],
  // kubelet: the pod and its node
  FailedMount: [["FailedMountMissing", MISSING], ["FailedMount"]],
  FailedAttachVolume: [["FailedAttachVolume"]],
  SuccessfulAttachVolume: [["SuccessfulAttachVolume"]],
  FailedCreatePodSandBox: [["FailedCreatePodSandBox"]],
  SandboxChanged: [["SandboxChanged"]],
  NetworkNotReady: [["NetworkNotReady"]],
  Evicted: [["EvictedResource", /low on resource: (?<resource>[\w-]+)/], ["Evicted"]],
  TaintManagerEviction: [["TaintManagerEviction"]],
  NodeNotReady: [["NodeNotReady"]],
  // controllers
  ScalingReplicaSet: [
    ["ScaledDown", /Scaled down replica set (?<set>\S+) (?:from \d+ )?to (?<count>\d+)/],
    ["ScaledUp", /Scaled up replica set (?<set>\S+) (?:from \d+ )?to (?<count>\d+)/],
  ],
  SuccessfulCreate: [["SuccessfulCreate"]],
  SuccessfulDelete: [["SuccessfulDelete"]],
  FailedCreate: [
    ["FailedCreateQuota", /exceeded quota: (?<quota>[^,\s]+)/],
    ["FailedCreatePolicy", /violates PodSecurity "(?<policy>[^":]+)/],
    ["FailedMissing", MISSING],
    ["FailedCreate"],
  ],
  FailedDelete: [["FailedDelete"]],
  RecreatingFailedPod: [["RecreatingFailedPod"]],
  FailedDaemonPod: [["FailedDaemonPod"]],
  // jobs
  Completed: [["Completed"]],
  BackoffLimitExceeded: [["BackoffLimitExceeded"]],
  DeadlineExceeded: [["DeadlineExceeded"]],
  // autoscalers
  SuccessfulRescale: [["SuccessfulRescale", /New size: (?<count>\d+)/]],
  FailedGetResourceMetric: [["FailedMetric"]],
  FailedComputeMetricsReplicas: [["FailedMetric"]],
};

/** Every code that there may be. */
export const EVENT_CODES: readonly string[] = [
  ...new Set(Object.values(RULES).flatMap((rules) => rules.map(([code]) => code))),
  "Unhealthy",
];

/**
 * What an event means, by its reason and, where one reason has several meanings, its message. Null for reasons that
 * are not known. Pure.
 */
export function meaningOf({ reason, message }: Event): EventMeaning | null {
  if (reason === "Unhealthy") return probeMeaning(message);
  for (const [code, says] of Object.hasOwn(RULES, reason) ? (RULES[reason] ?? []) : []) {
    const found = says ? says.exec(message) : null;
    if (says && !found) continue;
    return { code, facts: given(found?.groups) };
  }
  return null;
}

function probeMeaning(message: string): EventMeaning {
  const probe = /^(Readiness|Liveness|Startup)/.exec(message)?.[1]?.toLowerCase() ?? "other";
  const status = PROBE.status.exec(message)?.groups?.status;
  const how = PROBE.refused.test(message) ? "refused" : PROBE.timeout.test(message) ? "timeout" : "other";
  return { code: "Unhealthy", facts: { probe, how: status ? "status" : how, status: status ?? "" } };
}

const given = (groups: Record<string, string | undefined> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(groups ?? {}).flatMap(([name, value]) => (value ? [[name, value]] : [])));
