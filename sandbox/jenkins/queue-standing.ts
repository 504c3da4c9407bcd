import type { Job, QueueItem } from "./model.ts";
import { estimatedDuration, newestFirst } from "./model.ts";
import type { Standing } from "./queue-view.ts";
import { timeSpan } from "./queue-view.ts";

const A_MINUTE = 60_000;
const A_DAY = 24 * 60 * A_MINUTE;
const NO_EXECUTOR = "Waiting for next available executor";

/** The label of the built-in node, the only one of this server. */
export const NODE_LABEL = "built-in";

/** Whether a job wants a node that is not there. A Pipeline asks for its node itself. */
export const lacksNode = (job: Job): boolean =>
  job.kind === "freestyle" && job.label !== null && job.label !== NODE_LABEL;

/**
 * What the scheduler says of an item.
 * @param quiet whether no build may start
 */
export function standingOf(job: Job | undefined, item: QueueItem, quiet: boolean): Standing {
  return { why: whyOf(job, item, quiet), stuck: isStuck(job, item) };
}

/** Why an item is not running, in Jenkins' words; null once it has left. */
function whyOf(job: Job | undefined, item: QueueItem, quiet: boolean): string | null {
  if (item.state === "left") return null;
  if (item.state === "waiting") {
    const rest = item.due - Date.now();
    return rest > 0 ? `In the quiet period. Expires in ${timeSpan(rest)}` : "Finished waiting";
  }
  if (quiet) return "Jenkins is about to shut down";
  if (item.state === "buildable") {
    return job && lacksNode(job) ? `There are no nodes with the label ‘${job.label}’` : NO_EXECUTOR;
  }
  const running = job && newestFirst(job).find((build) => build.result === null);
  if (!job || !running) return NO_EXECUTOR;
  const estimate = estimatedDuration(job);
  const rest = running.startedAt + estimate - Date.now();
  const eta = estimate < 0 || rest <= 0 ? "N/A" : timeSpan(rest);
  return `Build #${running.number} is already in progress (ETA: ${eta})`;
}

/** No node could ever take it, or it has waited ten times as long as its builds take, at least ten minutes. */
function isStuck(job: Job | undefined, item: QueueItem): boolean {
  if (item.state !== "buildable") return false;
  if (job && lacksNode(job)) return true;
  const waited = Date.now() - (item.buildableSince ?? Date.now());
  const estimate = job ? estimatedDuration(job) : -1;
  return waited > (estimate < 0 ? A_DAY : Math.max(estimate, A_MINUTE) * 10);
}
