import { can, deployersOf, mayDeploy, type Rights } from "#lib/access/policy.ts";
import { rolesWith } from "#lib/access/roles.ts";
import type { Blocker } from "#lib/errors.ts";
import type { EnvironmentFacts } from "./facts.ts";

/** Pure: who may deploy or approve in an environment decides about fields that others own there. */
export function chooseBlockers(
  rights: Rights,
  projectId: string,
  environment: EnvironmentFacts,
  now: Date,
): Blocker[] {
  if (mayDeploy(rights, projectId, environment, now) || can(rights, "plan.approve", projectId)) return [];
  const liftedBy = [...new Set([...deployersOf(environment), ...rolesWith("plan.approve")])];
  const message = `deciding about fields of others in ${environment.key} needs one of: ${liftedBy.join(", ")}`;
  return [{ code: "ROLE_MISSING", message, facts: { environment: environment.key }, liftedBy }];
}
