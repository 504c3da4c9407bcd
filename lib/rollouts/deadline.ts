import type { Finding } from "./causes.ts";
import { conditionOf, type Pod, type Workload } from "./facts.ts";

/** As long as a Deployment waits for its next step unless it says otherwise. */
const SECONDS = 600;

/**
 * The deadline of rollouts whose controllers know none: StatefulSets, DaemonSets, and a paused Deployment, whose own
 * clock stands still. It runs from the last step forward. A Job has its own clocks, and may work for days; but one
 * that something holds up is not waited for any longer than the rest. Nor is anything that no controller looks at.
 * @param input.pods those of the new revision
 * @param input.seen whether the controller knows of what was applied
 * @param input.heldUp whether something is known that keeps it from coming up
 */
export function overdue(
  workload: Workload,
  input: { pods: readonly Pod[]; seen: boolean; heldUp: boolean; at?: Date; now: Date },
): Finding | null {
  const { pods, seen, at, now } = input;
  if (!at || (seen && !hasNoDeadline(workload, input.heldUp))) return null;
  const steps = pods.flatMap(({ metadata, status }) => {
    const ready = conditionOf(status?.conditions, "Ready");
    return [metadata.creationTimestamp, ready?.status === "True" ? ready.lastTransitionTime : null];
  });
  const last = Math.max(at.getTime(), ...steps.flatMap((time) => (time ? [Date.parse(time)] : [])));
  if (now.getTime() - last < SECONDS * 1000) return null;
  const what = `${workload.kind} ${workload.metadata.name}`;
  const message = `${what} has not come one step further for ${SECONDS} seconds`;
  return {
    code: "DEADLINE_EXCEEDED",
    fatal: true,
    message,
    facts: { reason: "NoProgress", seconds: SECONDS },
    evidence: [{ source: "status", text: message, at: new Date(last).toISOString() }],
  };
}

function hasNoDeadline({ kind, spec }: Workload, heldUp: boolean): boolean {
  if (kind === "Deployment") return spec?.paused === true;
  return kind === "Job" ? heldUp : true;
}
