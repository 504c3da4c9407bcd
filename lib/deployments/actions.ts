import { deployersOf } from "#lib/access/policy.ts";
import { approvalBlockers } from "#lib/approvals/rule.ts";
import type { Blocker } from "#lib/errors.ts";
import { gateBlockers } from "#lib/plans/gate.ts";
import type { PlanStanding } from "#lib/plans/standing.ts";
import { DEPLOYMENT_ACTIONS, type DeploymentAction, type DeploymentState } from "./state.ts";

/** Whether an action is open to a person, with every blocker. Pure; the services decide by it too. */
export function deploymentAction(
  action: DeploymentAction,
  facts: { state: DeploymentState; kind: "deploy" | "rollback"; mayDeploy: boolean; standing: PlanStanding },
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
  }
  if (action === "retry") blockers.push(...retryBlockers(standing));
  return { allowed: blockers.length === 0, blockers };
}

/** A cancelled deployment may have changed something, too: what ran before it can be restored. */
const ALSO_ROLLED_BACK: readonly DeploymentState[] = ["cancelled"];

function retryBlockers(standing: PlanStanding): Blocker[] {
  const stale: Blocker[] = standing.current
    ? []
    : [
        {
          code: "PLAN_STALE",
          message: "the plan is not what would be computed now",
          facts: {},
          liftedBy: ["system"],
        },
      ];
  return [...stale, ...gateBlockers(standing.gate), ...approvalBlockers(standing.judged)];
}
