import { type ClusterEvent, type ContainerStatus, conditionOf, type Pod, timeOf } from "./facts.ts";
import { containersOf, crashOf, isReady } from "./pods.ts";
import type { Cause, CauseCode, Evidence } from "./schema.ts";

/** A cause, and whether waiting longer is pointless. */
export type Finding = Cause & { fatal: boolean };

const MAX_EVIDENCE = 5;
const IMAGE_REASONS = new Set(["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"]);
const CONFIG_REASONS = new Set(["CreateContainerConfigError", "CreateContainerError"]);
/** A container that ended twice by itself does not come up by waiting. */
const CRASHES_TOLERATED = 1;

/** Warnings about an object, newest first, each text once. */
function warnings(events: ClusterEvent[], kind: string, name: string): Evidence[] {
  const seen = new Map<string, Evidence>();
  for (const event of events) {
    const about = event.involvedObject;
    if (event.type !== "Warning" || about?.kind !== kind || about.name !== name) continue;
    const text = `${event.reason ?? ""}: ${event.message ?? ""}`;
    const at = timeOf(event);
    if (!seen.has(text) || (at ?? "") > (seen.get(text)?.at ?? ""))
      seen.set(text, { source: "event", text, at });
  }
  return [...seen.values()].sort((a, b) => (b.at ?? "").localeCompare(a.at ?? "")).slice(0, MAX_EVIDENCE);
}

const status = (text: string | null | undefined, at: string | null = null): Evidence[] =>
  text ? [{ source: "status", text, at }] : [];

/** What holds one pod up, the worst first; empty for a pod that is ready or merely starting. */
export function podFindings(pod: Pod, events: ClusterEvent[]): Finding[] {
  if (isReady(pod) || pod.metadata.deletionTimestamp || pod.status?.phase === "Succeeded") return [];
  const about = warnings(events, "Pod", pod.metadata.name);
  const found = containersOf(pod).flatMap((container) => containerFindings(pod, container, about));
  const scheduled = conditionOf(pod.status?.conditions, "PodScheduled");
  if (scheduled?.status === "False" && scheduled.reason === "Unschedulable") {
    found.push({
      code: "UNSCHEDULABLE",
      fatal: false,
      message: `No node takes ${pod.metadata.name}: ${scheduled.message ?? ""}`,
      facts: { pod: pod.metadata.name, reason: scheduled.message ?? "" },
      evidence: [...status(scheduled.message, scheduled.lastTransitionTime ?? null), ...about],
    });
  }
  const mount = about.find(({ text }) => /^FailedMount: .*(configmap|secret) "[^"]*" not found/s.test(text));
  if (mount) found.push(missingConfig(pod, mount.text, about));
  return found.sort((a, b) => Number(b.fatal) - Number(a.fatal));
}

function containerFindings(pod: Pod, container: ContainerStatus, about: Evidence[]): Finding[] {
  if (container.ready === true) return [];
  const { waiting } = container.state ?? {};
  const reason = waiting?.reason ?? "";
  if (IMAGE_REASONS.has(reason)) return [imagePull(pod, container, about)];
  if (CONFIG_REASONS.has(reason))
    return [missingConfig(pod, waiting?.message ?? reason, about, container.name)];
  const crash = crashOf(container);
  if (crash) return [crashed(pod, container, crash, about)];
  const unhealthy = about.find(({ text }) => text.startsWith("Unhealthy:"));
  if (unhealthy) return [probeFailing(pod, container, unhealthy.text, about, false)];
  return [];
}

function imagePull(pod: Pod, container: ContainerStatus, about: Evidence[]): Finding {
  const image =
    pod.spec?.containers?.find(({ name }) => name === container.name)?.image ?? container.image ?? "";
  const reason = container.state?.waiting?.reason ?? "";
  return {
    code: "IMAGE_PULL",
    fatal: true,
    message: `The image ${image} cannot be pulled (${reason}).`,
    facts: { pod: pod.metadata.name, container: container.name, image, reason },
    evidence: [...status(container.state?.waiting?.message), ...about],
  };
}

function missingConfig(pod: Pod, text: string, about: Evidence[], container = ""): Finding {
  const named = /(configmap|secret|serviceaccount) "([^"]+)"/i.exec(text);
  return {
    code: "MISSING_CONFIG",
    fatal: false,
    message: `${pod.metadata.name} lacks configuration: ${text}`,
    facts: {
      pod: pod.metadata.name,
      container,
      kind: named?.[1] ?? "",
      name: named?.[2] ?? "",
      reason: text,
    },
    evidence: [...status(text), ...about],
  };
}

function probeFailing(
  pod: Pod,
  container: ContainerStatus,
  text: string,
  about: Evidence[],
  fatal: boolean,
): Finding {
  const probe = /(Readiness|Liveness|Startup) probe/.exec(text)?.[1]?.toLowerCase() ?? "";
  return {
    code: "PROBE_FAILING",
    fatal,
    message: `The ${probe || "health"} probe of ${container.name} in ${pod.metadata.name} fails.`,
    facts: {
      pod: pod.metadata.name,
      container: container.name,
      probe,
      restarts: container.restartCount ?? 0,
    },
    evidence: about,
  };
}

function crashed(
  pod: Pod,
  container: ContainerStatus,
  crash: {
    exitCode?: number | null;
    reason?: string | null;
    message?: string | null;
    finishedAt?: string | null;
  },
  about: Evidence[],
): Finding {
  const restarts = container.restartCount ?? 0;
  const fatal = container.state?.waiting?.reason === "CrashLoopBackOff" || restarts > CRASHES_TOLERATED;
  // A container that its own probe had killed ends with a signal; the probe is the thing to look at.
  const killed = about.find(({ text }) => /^Unhealthy: (Liveness|Startup) probe/.test(text));
  const exitCode = crash.exitCode ?? -1;
  if (killed && (exitCode === 137 || exitCode === 143)) {
    return probeFailing(pod, container, killed.text, about, fatal);
  }
  const oom = crash.reason === "OOMKilled";
  const facts = { pod: pod.metadata.name, container: container.name, exitCode, restarts };
  const ended = oom ? "ran out of memory" : `ended with exit code ${exitCode}`;
  return {
    code: oom ? "OOM_KILLED" : "CRASH",
    fatal,
    message: `${container.name} in ${pod.metadata.name} ${ended} (${restarts} restarts).`,
    facts,
    evidence: [
      ...status(`${crash.reason ?? "Error"}, exit code ${exitCode}`, crash.finishedAt ?? null),
      ...status(crash.message),
      ...status(container.state?.waiting?.message),
      ...about,
    ],
  };
}

const CREATION_CODES: { code: CauseCode; pattern: RegExp }[] = [
  { code: "POD_SECURITY", pattern: /violates PodSecurity/ },
  { code: "QUOTA", pattern: /exceeded quota|failed quota|(maximum|minimum) \w+ usage per/ },
  { code: "MISSING_CONFIG", pattern: /serviceaccount "[^"]*" not found/ },
];

/** Pods that the cluster refuses to create. @param owner kind and name of the object that creates them */
export function creationFinding(
  text: string,
  at: string | null,
  owner: { kind: string; name: string },
  events: ClusterEvent[],
): Finding {
  const code = CREATION_CODES.find(({ pattern }) => pattern.test(text))?.code ?? "UNKNOWN";
  const reason = text.replace(/^.*?pods "[^"]*" is forbidden: /s, "");
  return {
    code,
    fatal: code === "QUOTA" || code === "POD_SECURITY",
    message: `The cluster refuses to create pods: ${reason}`,
    facts: { reason },
    evidence: [...status(text, at), ...warnings(events, owner.kind, owner.name).slice(0, 2)],
  };
}
