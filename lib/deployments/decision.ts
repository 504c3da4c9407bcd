import { deployersOf, mayDeploy, type Rights } from "#lib/access/policy.ts";
import { approvalBlockers } from "#lib/approvals/rule.ts";
import { AppError, type Blocker } from "#lib/errors.ts";
import { gateBlockers } from "#lib/plans/gate.ts";
import { staleBlocker } from "#lib/plans/stale.ts";
import type { PlanStanding } from "#lib/plans/standing.ts";

/** Pure: who lacks the right to deploy, roll back, restart or scale in an environment, and who has it. */
export function rightBlockers(
  rights: Rights,
  projectId: string,
  environment: PlanStanding["environment"],
  now: Date,
): Blocker[] {
  if (mayDeploy(rights, projectId, environment, now)) return [];
  const liftedBy = deployersOf(environment);
  const message = `deploying in ${environment.key} needs one of: ${liftedBy.join(", ")}`;
  return [{ code: "ROLE_MISSING", message, facts: { environment: environment.key }, liftedBy }];
}

type PlanHolds = {
  standing: PlanStanding;
  /** Of the plan's last computation. */
  planBlockers: readonly Blocker[];
};

/** Pure: everything that holds a deployment of a plan back, all at once. */
export const startBlockers = (input: PlanHolds & { rights: Rights; projectId: string }): Blocker[] => [
  ...rightBlockers(input.rights, input.projectId, input.standing.environment, input.standing.now),
  ...holdBlockers(input),
];

/** Pure: the same, whoever starts it: what holds the portal itself back. */
export function holdBlockers({ standing, planBlockers }: PlanHolds): Blocker[] {
  const stale: Blocker[] = standing.current ? [] : [staleBlocker(standing.newer)];
  return [...stale, ...gateBlockers(standing.gate), ...approvalBlockers(standing.judged), ...planBlockers];
}

/**
 * A refusal with every blocker; its code is the gravest: a missing right before a stale plan before the rest.
 * @throws AppError FORBIDDEN | PLAN_STALE | BLOCKED; returns when there is none
 */
export function refuseIfBlocked(
  blockers: readonly Blocker[],
  changedSince: PlanStanding["changedSince"] = [],
): void {
  const [first] = blockers;
  if (!first) return;
  const has = (code: string) => blockers.some((blocker) => blocker.code === code);
  const code =
    has("ROLE_MISSING") || has("OWN_RELEASE") ? "FORBIDDEN" : has("PLAN_STALE") ? "PLAN_STALE" : "BLOCKED";
  throw new AppError(code, blockers.map(({ message }) => message).join("; "), {
    blockers: [...blockers],
    facts: changedSince.length > 0 ? { changedSince } : {},
  });
}
