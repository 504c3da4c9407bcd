import { type Step, stepsNow, type TargetRun, type Workload } from "./progress-model.ts";

/** How long a step takes or took, and whether that is remarkable. Times are ISO 8601 texts. */
const SLOW_FACTOR = 2;
/** Where little is usual, twice as long is nothing. */
const SLOW_LEAST_SECONDS = 5;

/** Whether a step that runs takes more than twice as long as usual. @param seconds so far @param usual or null */
export const isSlow = (seconds: number, usual: number | null): boolean =>
  usual !== null && seconds > usual * SLOW_FACTOR && seconds - usual >= SLOW_LEAST_SECONDS;

/** The step with which the pods of a component began to be replaced. */
function beginOf(target: TargetRun, component: string): Step | undefined {
  const steps = stepsNow(target).filter(({ startedAt }) => startedAt !== null);
  const tried = steps.some(({ input }) => input.canaries?.some((one) => one.component === component));
  const names = tried ? ["canary", "promote"] : ["apply"];
  return steps.findLast(({ name }) => names.includes(name));
}

export type Course = { from: string /** Null while it goes on. */; to: string | null };
/** The cluster tells in whole seconds what the portal knows in thousandths. */
const CLUSTER_SECOND_MS = 1000;

/**
 * From when until when a component's pods were replaced on a target; null before it began, where nothing was replaced,
 * and where its end was not recorded.
 */
export function courseOf(target: TargetRun, workload: Workload): Course | null {
  const begin = beginOf(target, workload.component);
  if (!begin?.startedAt) return null;
  const from = begin.startedAt;
  if (workload.state !== "healthy") {
    const watched = stepsNow(target).findLast(({ startedAt }) => startedAt !== null);
    return { from, to: target.endedAt ?? (watched?.state === "failed" ? watched.endedAt : null) };
  }
  const settled = workload.pods
    .filter(({ revision, state }) => revision === "new" && state !== "terminating")
    .map(({ settledAt }) => Date.parse(settledAt ?? ""));
  // Without pods, or with one of which it is not known, NaN.
  const last = settled.length === 0 ? Number.NaN : Math.max(...settled);
  if (!(last > Date.parse(from) - CLUSTER_SECOND_MS)) return null;
  return { from, to: new Date(Math.max(last, Date.parse(from))).toISOString() };
}
