import { can, type Rights } from "#lib/access/policy.ts";
import { rolesWith } from "#lib/access/roles.ts";
import type { Blocker } from "#lib/errors.ts";
import { mayFollow } from "#lib/state-machine.ts";
import { WAIVER_TRANSITIONS, type WaiverState } from "./state.ts";

type WaiverRuleFacts = {
  projectId: string;
  state: WaiverState;
  askedById: string;
  ownerId: string;
  /** Who raised the release order that it was asked for; null: it was asked for none. */
  releaseById: string | null;
};
type Person = { id: string; rights: Rights };

/** Pure: who may not ask for a waiver in a project. */
export const askBlockers = (rights: Rights, projectId: string): Blocker[] =>
  can(rights, "release.write", projectId) ? [] : [missing("release.write")];

/** Why a person cannot grant or decline a waiver; everything at once. Pure. */
export function decideWaiverBlockers(person: Person, waiver: WaiverRuleFacts): Blocker[] {
  const liftedBy = rolesWith("waiver.decide");
  const blockers: Blocker[] = [];
  if (!can(person.rights, "waiver.decide", waiver.projectId)) blockers.push(missing("waiver.decide"));
  if (person.id === waiver.askedById) {
    const message = "who asked for a waiver does not decide on it";
    blockers.push({ code: "OWN_WAIVER", message, facts: {}, liftedBy });
  }
  if (person.id === waiver.releaseById) {
    const message = "who raised the release order does not decide on its waivers";
    blockers.push({ code: "WAIVER_OWN_RELEASE", message, facts: {}, liftedBy });
  }
  return [...blockers, ...stateBlockers(waiver.state, "granted")];
}

/** Why a person cannot take a waiver back: who asked for it or answers for it may, and who decides on others'. Pure. */
export function revokeBlockers(person: Person, waiver: WaiverRuleFacts): Blocker[] {
  const own = person.id === waiver.askedById || person.id === waiver.ownerId;
  const allowed = own || can(person.rights, "waiver.decide", waiver.projectId);
  return [...(allowed ? [] : [missing("waiver.decide")]), ...stateBlockers(waiver.state, "revoked")];
}

function missing(permission: "waiver.decide" | "release.write"): Blocker {
  const liftedBy = rolesWith(permission);
  const message = `needs one of: ${liftedBy.join(", ")}`;
  return { code: "ROLE_MISSING", message, facts: { permission }, liftedBy };
}

function stateBlockers(state: WaiverState, to: WaiverState): Blocker[] {
  if (mayFollow(WAIVER_TRANSITIONS, state, to)) return [];
  return [
    { code: "WAIVER_DECIDED", message: `the waiver is ${state}`, facts: { waiver: state }, liftedBy: [] },
  ];
}
