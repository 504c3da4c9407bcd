import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { mayDeploy } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { loadPlan, planStanding } from "#lib/plans/standing.ts";
import { deploymentAction } from "./actions.ts";
import { refuseIfBlocked } from "./decision.ts";
import { loadRun } from "./run.ts";
import type { DeploymentAction } from "./state.ts";
import { waitingOf } from "./waiting.ts";

/** What has happened already is no reason to refuse the same request again: the verbs answer it as done. */
const DONE_ALREADY = ["ALREADY_PAUSED", "NOTHING_WAITS"];

/**
 * The run, how its plan stands, and what it waits for.
 * @throws AppError NOT_FOUND; FORBIDDEN | PLAN_STALE | BLOCKED with every blocker when the action is not open to the actor
 */
export async function allow(action: DeploymentAction, actor: Actor, id: string) {
  const run = await loadRun(id);
  requirePermission(actor, "project.read", run.project.id);
  const standing = await planStanding(db, await loadPlan(db, { id: run.plan.id }), { deployerId: actor.id });
  const allowed = mayDeploy(actor.rights, run.project.id, standing.environment, standing.now);
  const { blockers } = deploymentAction(action, {
    state: run.state,
    kind: run.kind,
    mayDeploy: allowed,
    standing,
    targets: run.targets,
    waiting: waitingOf(run, standing.now),
  });
  const asksPlan = action === "retry" || action === "skip";
  refuseIfBlocked(
    blockers.filter(({ code }) => !DONE_ALREADY.includes(code)),
    asksPlan ? standing.changedSince : [],
  );
  return { run, standing };
}
