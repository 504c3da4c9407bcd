import { type DeploymentState, ENDED_TARGETS, type TargetRunState } from "./state.ts";

const PHASES = ["applying", "rolling_out", "verifying"] as const;
type Phase = (typeof PHASES)[number];
const ORDER: readonly DeploymentState[] = PHASES;

/**
 * The state of a deployment that runs, from its targets: the phase of the one that is furthest behind (waves that wait
 * have not applied), or unknown while a cluster is silent. Pure. Ends are decided elsewhere.
 */
export function runningState(targets: readonly { state: TargetRunState }[]): Phase | "unknown" {
  if (targets.some(({ state }) => state === "unknown")) return "unknown";
  const behind = Math.min(...targets.map(({ state }) => phaseIndex(state)));
  return PHASES[behind] ?? "verifying";
}

function phaseIndex(state: TargetRunState): number {
  if (state === "rolling_out") return 1;
  return state === "verifying" || ENDED_TARGETS.includes(state) ? 2 : 0;
}

/** The states to go through from one to the other: no phase is skipped in the record. Pure. */
export function pathTo(from: DeploymentState, to: Phase | "unknown"): DeploymentState[] {
  const [start, end] = [ORDER.indexOf(from), ORDER.indexOf(to)];
  if (from === to || (start >= 0 && end >= 0 && end < start)) return [];
  return start < 0 || end < 0 ? [to] : [...PHASES.slice(start + 1, end + 1)];
}
