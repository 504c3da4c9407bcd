import { can, type Rights } from "#lib/access/policy.ts";
import { rolesWith } from "#lib/access/roles.ts";
import type { Blocker } from "#lib/errors.ts";
import { wrongState } from "#lib/releases/refusal.ts";
import { type CopyState, isLost, RETRY_COPY_FROM } from "./state.ts";

/** Why a person cannot ask for a copy again; everything at once. Pure. */
export function retryBlockers(
  rights: Rights,
  projectId: string,
  copy: { state: CopyState; goneSince: Date | null },
): Blocker[] {
  const { state } = copy;
  const blockers: Blocker[] = [];
  if (!can(rights, "release.write", projectId)) {
    const liftedBy = rolesWith("release.write");
    const message = `needs one of: ${liftedBy.join(", ")}`;
    blockers.push({ code: "ROLE_MISSING", message, facts: { permission: "release.write" }, liftedBy });
  }
  if (!RETRY_COPY_FROM.includes(state) && !isLost(copy))
    blockers.push(wrongState("image copy", state, RETRY_COPY_FROM));
  return blockers;
}
