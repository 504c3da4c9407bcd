import { deleteObject } from "../deletion.ts";
import type { JsonObject } from "../json.ts";
import { child, equal, get, numberAt, objectsAt, textAt } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import { now, ownedBy } from "../objects.ts";
import { kinds } from "../resources.ts";
import type { Tools } from "./controller.ts";
import { control, controlled, isEnded, isReady, MANAGER } from "./controller.ts";
import { createPod } from "./pods.ts";

/** Runs Jobs to their completions. Answers how to stop. */
export function runJobs(tools: Tools): () => void {
  return control(tools.registry, kinds.jobs, (job) => reconcile(tools, job));
}

export function jobOutcome(job: KubeObject): "Complete" | "Failed" | undefined {
  const held = objectsAt(job, "status", "conditions").filter((entry) => entry.status === "True");
  if (held.some((entry) => entry.type === "Complete")) return "Complete";
  return held.some((entry) => entry.type === "Failed") ? "Failed" : undefined;
}

function reconcile(tools: Tools, job: KubeObject): number | undefined {
  if (job.metadata.deletionTimestamp) return undefined;
  if (jobOutcome(job)) return expire(tools, job);
  const pods = controlled(tools.registry, kinds.pods, job);
  const inPhase = (phase: string) => pods.filter((pod) => textAt(pod, "status", "phase") === phase).length;
  const succeeded = inPhase("Succeeded");
  const failed = inPhase("Failed");
  const active = pods.filter((pod) => !isEnded(pod) && !pod.metadata.deletionTimestamp);
  const completions = numberAt(job, "spec", "completions") ?? 1;
  const restarts = active
    .flatMap((pod) => objectsAt(pod, "status", "containerStatuses"))
    .reduce((sum, status) => sum + (numberAt(status, "restartCount") ?? 0), 0);
  const limit = numberAt(job, "spec", "backoffLimit") ?? 6;
  const started = textAt(job, "status", "startTime");
  const deadline = numberAt(job, "spec", "activeDeadlineSeconds");
  const late =
    deadline !== undefined && started !== "" && Date.parse(started) + deadline * 1000 <= Date.now();
  let outcome: JsonObject[] = [];
  if (succeeded >= completions) {
    const done = "Reached expected number of succeeded pods";
    outcome = ["SuccessCriteriaMet", "Complete"].map((type) => condition(type, "CompletionsReached", done));
    tools.recorder.record(job, { type: "Normal", reason: "Completed", message: "Job completed" });
  } else if (late || failed + restarts > limit) {
    const reason = late ? "DeadlineExceeded" : "BackoffLimitExceeded";
    const message = late
      ? "Job was active longer than specified deadline"
      : "Job has reached the specified backoff limit";
    outcome = ["FailureTarget", "Failed"].map((type) => condition(type, reason, message));
    tools.recorder.record(job, { type: "Warning", reason, message });
    for (const pod of active) deleteObject(tools.registry.store, kinds.pods, pod, NOW);
  } else if (get(job, "spec", "suspend") !== true) {
    const wanted = Math.min(numberAt(job, "spec", "parallelism") ?? 1, completions - succeeded);
    for (let index = active.length; index < wanted; index += 1) createPod(tools, job);
  }
  const running = controlled(tools.registry, kinds.pods, job).filter((pod) => !isEnded(pod));
  report(tools, job, { succeeded, failed, running: outcome.length > 0 ? [] : running, outcome });
  return deadline === undefined ? undefined : 1000;
}

const NOW = {
  propagation: "Background",
  gracePeriodSeconds: undefined,
  uid: "",
  resourceVersion: "",
  dryRun: false,
} as const;

function condition(type: string, reason: string, message: string): JsonObject {
  return { type, status: "True", lastProbeTime: now(), lastTransitionTime: now(), reason, message };
}

function report(
  { registry }: Tools,
  job: KubeObject,
  seen: { succeeded: number; failed: number; running: KubeObject[]; outcome: JsonObject[] },
): void {
  const complete = seen.outcome.some((entry) => entry.type === "Complete");
  const status: JsonObject = {
    ...(seen.outcome.length > 0 ? { conditions: seen.outcome } : {}),
    startTime: textAt(job, "status", "startTime") || now(),
    ...(complete ? { completionTime: now() } : {}),
    ...(seen.running.length > 0 ? { active: seen.running.length } : {}),
    ...(seen.succeeded > 0 ? { succeeded: seen.succeeded } : {}),
    ...(seen.failed > 0 ? { failed: seen.failed } : {}),
    terminating: 0,
    uncountedTerminatedPods: {},
    ready: seen.running.filter(isReady).length,
  };
  if (equal(status, job.status)) return;
  const { namespace = "", name } = job.metadata;
  registry.update(kinds.jobs, namespace, name, { manager: MANAGER, subresource: "status" }, (draft) => {
    draft.status = status;
  });
}

/** A finished Job goes when its ttlSecondsAfterFinished is over. */
function expire({ registry }: Tools, job: KubeObject): number | undefined {
  const seconds = numberAt(job, "spec", "ttlSecondsAfterFinished");
  if (seconds === undefined) return undefined;
  const ended = objectsAt(job, "status", "conditions").find((entry) =>
    ["Complete", "Failed"].includes(textAt(entry, "type")),
  );
  const wait = Date.parse(textAt(ended, "lastTransitionTime")) + seconds * 1000 - Date.now();
  if (wait > 0) return wait;
  deleteObject(registry.store, kinds.jobs, job, NOW);
  return undefined;
}

/** Starts the Jobs of CronJobs at their minutes. Answers how to stop. */
export function runCronJobs(tools: Tools): () => void {
  return control(tools.registry, kinds.cronjobs, (cron) => {
    if (cron.metadata.deletionTimestamp || get(cron, "spec", "suspend") === true) return undefined;
    const minute = Math.floor(Date.now() / 60_000);
    const last = textAt(cron, "status", "lastScheduleTime");
    const due = isDue(textAt(cron, "spec", "schedule"), new Date(minute * 60_000));
    const fresh = last === "" || Date.parse(last) < minute * 60_000;
    const created = Date.parse(cron.metadata.creationTimestamp ?? "") < minute * 60_000;
    if (due && fresh && created) startJob(tools, cron, minute);
    return (minute + 1) * 60_000 - Date.now() + 20;
  });
}

function startJob(tools: Tools, cron: KubeObject, minute: number): void {
  const { namespace = "", name } = cron.metadata;
  const jobs = controlled(tools.registry, kinds.jobs, cron);
  const active = jobs.filter((job) => jobOutcome(job) === undefined);
  const policy = textAt(cron, "spec", "concurrencyPolicy");
  if (policy === "Forbid" && active.length > 0) return;
  if (policy === "Replace")
    for (const job of active) deleteObject(tools.registry.store, kinds.jobs, job, NOW);
  const template = child(child(structuredClone(cron), "spec"), "jobTemplate");
  const job: KubeObject = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: `${name}-${minute}`,
      namespace,
      ownerReferences: [ownedBy(cron)],
    },
    spec: child(template, "spec"),
  };
  const made = tools.registry.create(kinds.jobs, job, { manager: MANAGER });
  const message = `Created job ${made.metadata.name}`;
  tools.recorder.record(cron, { type: "Normal", reason: "SuccessfulCreate", message });
  tools.registry.update(
    kinds.cronjobs,
    namespace,
    name,
    { manager: MANAGER, subresource: "status" },
    (draft) => {
      child(draft, "status").lastScheduleTime = `${new Date(minute * 60_000).toISOString().slice(0, 19)}Z`;
    },
  );
  for (const [outcome, key] of [
    ["Complete", "successfulJobsHistoryLimit"],
    ["Failed", "failedJobsHistoryLimit"],
  ] as const) {
    const ended = jobs.filter((entry) => jobOutcome(entry) === outcome);
    const keep = numberAt(cron, "spec", key) ?? 3;
    for (const old of ended.slice(0, Math.max(0, ended.length - keep))) {
      deleteObject(tools.registry.store, kinds.jobs, old, NOW);
    }
  }
}

/** Whether a five-field cron line names this minute (UTC). */
export function isDue(schedule: string, at: Date): boolean {
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = schedule.trim().split(/\s+/);
  const fits = (field: string, value: number, first: number) =>
    field.split(",").some((part) => {
      const [range = "", step = "1"] = part.split("/");
      const [low, high] = range === "*" ? [first, 59] : range.split("-").map(Number);
      const from = low ?? first;
      const to = high ?? (part.includes("/") ? 59 : from);
      return value >= from && value <= to && (value - from) % Number(step) === 0;
    });
  return (
    fits(minute, at.getUTCMinutes(), 0) &&
    fits(hour, at.getUTCHours(), 0) &&
    fits(day, at.getUTCDate(), 1) &&
    fits(month, at.getUTCMonth() + 1, 1) &&
    fits(weekday, at.getUTCDay(), 0)
  );
}
