import type { TargetRunState } from "./state.ts";

type Targets = readonly { id: string; state: TargetRunState }[];
/** What a deployment can still reach besides what failed: `cancelled` are those that were not started. */
const REACHED: readonly TargetRunState[] = ["succeeded", "cancelled"];

/** Pure: a target that failed, where leaving it out leaves something. */
export const mayBeSkipped = (targets: Targets, id: string): boolean =>
  targets.some((target) => target.id === id && target.state === "failed") &&
  targets.some((target) => target.id !== id && REACHED.includes(target.state));

/**
 * Pure: whether a deployment goes on once a target is skipped. Not while more of the others failed than its environment
 * bears, and not when one of them failed and there is nothing left to begin.
 */
export function goesOnWithout(targets: Targets, id: string, maxFailedTargets: number): boolean {
  const others = targets.filter((target) => target.id !== id);
  const failed = others.filter(({ state }) => state === "failed").length;
  if (failed === 0) return true;
  return failed <= maxFailedTargets && others.some(({ state }) => state === "cancelled");
}
