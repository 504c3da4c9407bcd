import type { Actor } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { type Permission, rolesWith } from "#lib/access/roles.ts";
import { ACTIVE_DEPLOYMENTS, type DeploymentState } from "#lib/deployments/state.ts";
import type { Blocker } from "#lib/errors.ts";
import type { ActionDto } from "./schema.ts";
import { RELEASE_ACTIONS, type ReleaseState } from "./state.ts";

/** A deployment in one of these may still change something, now or later. */
export const OPEN_DEPLOYMENTS: readonly DeploymentState[] = [
  "planned",
  "awaiting_approval",
  "scheduled",
  ...ACTIVE_DEPLOYMENTS,
  "rolling_back",
];

/** The blocker of someone without the role; none for someone with it. */
export function roleBlockers(actor: Actor, permission: Permission, projectId: string): Blocker[] {
  if (can(actor.rights, permission, projectId)) return [];
  const liftedBy = rolesWith(permission);
  return [
    {
      code: "ROLE_MISSING",
      message: `needs one of: ${liftedBy.join(", ")}`,
      facts: { permission },
      liftedBy,
    },
  ];
}

/** What keeps a release from being abandoned: it may not be pulled from under a deployment. */
export const abandonBlockers = (open: readonly { environment: string; state: string }[]): Blocker[] =>
  open.map(({ environment, state }) => ({
    code: "DEPLOYMENT_OPEN",
    message: `a deployment to ${environment} is ${state}`,
    facts: { environment, state },
    liftedBy: rolesWith("deploy.controlled"),
  }));

/** Actions that the state knows, each with what keeps this actor from it. */
export function describeActions(
  actor: Actor,
  release: {
    state: ReleaseState;
    projectId: string;
    openDeployments: readonly { environment: string; state: string }[];
  },
): ActionDto[] {
  return Object.entries(RELEASE_ACTIONS).flatMap(([action, rule]) => {
    const from: readonly ReleaseState[] = rule.from;
    if (!from.includes(release.state)) return [];
    const blockers = roleBlockers(actor, rule.permission, release.projectId);
    if (action === "abandon") blockers.push(...abandonBlockers(release.openDeployments));
    return [{ action, blockers }];
  });
}
