import { deployersOf } from "#lib/access/policy.ts";
import { approvalBlockers } from "#lib/approvals/rule.ts";
import type { Blocker } from "#lib/errors.ts";
import { gateBlockers } from "#lib/plans/gate.ts";
import { staleBlocker } from "#lib/plans/stale.ts";
import type { PlanStanding } from "#lib/plans/standing.ts";
import type { WaitingDto } from "./schema.ts";
import { mayBeSkipped } from "./skippable.ts";
import {
  DEPLOYMENT_ACTIONS,
  type DeploymentAction,
  type DeploymentState,
  type TargetRunState,
} from "./state.ts";

export type ActionFacts = {
  state: DeploymentState;
  kind: "deploy" | "rollback";
  mayDeploy: boolean;
  standing: PlanStanding;
  targets: readonly { id: string; state: TargetRunState }[];
  waiting: WaitingDto | null;
};

/** Whether an action is open to a person, with every blocker. Pure; the services decide by it too. */
export function deploymentAction(
  action: DeploymentAction,
  facts: ActionFacts,
): { allowed: boolean; blockers: Blocker[] } {
  const { state, standing } = facts;
  const environment = standing.environment.key;
  const blockers: Blocker[] = [];
  if (!facts.mayDeploy) {
    const liftedBy = deployersOf(standing.environment);
    const message = `deploying in ${environment} needs one of: ${liftedBy.join(", ")}`;
    blockers.push({ code: "ROLE_MISSING", message, facts: { environment }, liftedBy });
  }
  const rule: { from: readonly DeploymentState[] } = DEPLOYMENT_ACTIONS[action];
  const states = action === "rollback" ? [...rule.from, ...ALSO_ROLLED_BACK] : rule.from;
  if (!states.includes(state)) {
    const message = `a deployment that is ${state} cannot be asked for: ${action}`;
    blockers.push({ code: "WRONG_STATE", message, facts: { state, action }, liftedBy: [] });
  } else {
    blockers.push(...flowBlockers(action, facts));
  }
  if (action === "retry" || action === "skip") blockers.push(...retryBlockers(standing));
  return { allowed: blockers.length === 0, blockers };
}

/** A cancelled deployment may have changed something, too: what ran before it can be restored. */
const ALSO_ROLLED_BACK: readonly DeploymentState[] = ["cancelled"];

function flowBlockers(action: DeploymentAction, { waiting, targets }: ActionFacts): Blocker[] {
  const blocker = (code: string, message: string) => [{ code, message, facts: {}, liftedBy: [] }];
  if (action === "pause" && waiting?.kind === "paused")
    return blocker("ALREADY_PAUSED", "the deployment is paused already");
  if (action === "continue" && !isForPerson(waiting))
    return blocker("NOTHING_WAITS", "nothing waits for a person here");
  if (action === "skip" && !targets.some(({ id }) => mayBeSkipped(targets, id)))
    return blocker("NOTHING_TO_SKIP", "no target failed that the others could go on without");
  return [];
}

const isForPerson = (waiting: WaitingDto | null): boolean =>
  waiting?.kind === "paused" ||
  waiting?.kind === "wave_gate" ||
  (waiting?.kind === "step" && waiting.wait === "person");

function retryBlockers(standing: PlanStanding): Blocker[] {
  const stale: Blocker[] = standing.current ? [] : [staleBlocker(standing.newer)];
  return [...stale, ...gateBlockers(standing.gate), ...approvalBlockers(standing.judged)];
}
