import type { PodLook } from "#components/ui/pod-cell.tsx";
import type { StateName } from "#components/ui/states.ts";
import type { DeploymentDto } from "#lib/deployments/schema.ts";
import type { PodView } from "#lib/rollouts/schema.ts";

export type TargetRun = DeploymentDto["targets"][number];
export type Workload = TargetRun["workloads"][number];
export type Comparison = NonNullable<TargetRun["comparison"]>;
export type Step = TargetRun["steps"][number];
export type Cell = { look: PodLook; name: string; pod: PodView | null };

const NEW_LOOKS: Readonly<Record<PodView["state"], PodLook>> = {
  pending: "starting",
  starting: "starting",
  ready: "ready",
  failing: "failing",
  terminating: "ending",
  succeeded: "gone",
};
const ORDER: readonly PodLook[] = ["ready", "failing", "starting", "none", "ending", "gone"];

/** Cells of the new revision: its pods, the ready ones first, then those that are still to be created. */
export function newCells(workload: Workload): Cell[] {
  const pods = workload.pods
    .filter(({ revision }) => revision === "new")
    .map((pod): Cell => ({ look: NEW_LOOKS[pod.state], name: pod.name, pod }));
  const standing = pods.filter(({ look }) => look !== "ending" && look !== "gone").length;
  const missing = Array.from(
    { length: Math.max(0, workload.desired - standing) },
    (_, index): Cell => ({
      look: "none",
      name: `${workload.name} ${index + 1}`,
      pod: null,
    }),
  );
  return [...pods, ...missing].sort(
    (a, b) => ORDER.indexOf(a.look) - ORDER.indexOf(b.look) || a.name.localeCompare(b.name),
  );
}

/** Cells of older revisions: still there, or going. */
export const oldCells = (workload: Workload): Cell[] =>
  workload.pods
    .filter(({ revision, state }) => revision === "old" && state !== "succeeded")
    .map((pod): Cell => ({ look: pod.state === "terminating" ? "ending" : "old", name: pod.name, pod }));

export const newReady = (workload: Workload): number =>
  workload.pods.filter(({ revision, state }) => revision === "new" && state === "ready").length;
export const oldServing = (workload: Workload): number =>
  workload.pods.filter(({ revision, state }) => revision === "old" && state === "ready").length;

/** The share of the traffic that a canary's step gives to the new version, per cent; the largest of several. */
export const shareOf = ({ input }: Step): number =>
  Math.max(0, ...(input.canaries ?? []).map(({ percent }) => percent));

/** Steps of the newest attempt, in order. */
export function stepsNow(target: TargetRun): Step[] {
  const newest = Math.max(...target.steps.map(({ attempt }) => attempt), 1);
  return target.steps.filter(({ attempt }) => attempt === newest);
}

export const STEP_LOOKS: Readonly<Record<string, StateName>> = {
  waiting: "waiting",
  running: "running",
  succeeded: "succeeded",
  failed: "failed",
  skipped: "skipped",
  cancelled: "cancelled",
};

export const seconds = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;

/** Whether people are affected, as far as pods can tell. */
export type Harm = { kind: "none" | "fewer" | "down" | "unknown"; serving: number };
export function harmOf(target: TargetRun, component: string): Harm {
  const own = target.workloads.filter((workload) => workload.component === component);
  if (own.length === 0) return { kind: "unknown", serving: 0 };
  const serving = own.reduce((sum, workload) => sum + oldServing(workload) + newReady(workload), 0);
  const desired = own.reduce((sum, workload) => sum + workload.desired, 0);
  if (serving === 0) return { kind: desired === 0 ? "unknown" : "down", serving };
  return { kind: serving < desired ? "fewer" : "none", serving };
}

/** Targets where the same component came up by the same plan: the fault then probably lies with the one that failed. */
export const healthyElsewhere = (
  targets: readonly TargetRun[],
  failed: TargetRun,
  component: string,
): TargetRun[] =>
  targets.filter(
    (target) =>
      target.id !== failed.id &&
      target.state !== "failed" &&
      target.workloads.some((workload) => workload.component === component && workload.state === "healthy"),
  );

type Evidence = NonNullable<TargetRun["cause"]>["evidence"][number];
const SOURCES: readonly Evidence["source"][] = ["log", "event", "status"];
/** The evidence worth reading: the program's own words first, then each kind of event once, then what the cluster says. */
export function evidenceShown(evidence: readonly Evidence[], most = 4): Evidence[] {
  const seen = new Set<string>();
  return SOURCES.flatMap((source) => evidence.filter((one) => one.source === source))
    .filter(({ source, text }) => {
      const kind = source === "event" ? text.slice(0, text.indexOf(":")) : text;
      if (seen.has(kind)) return false;
      seen.add(kind);
      return true;
    })
    .slice(0, most);
}
