import { expect, test } from "vitest";
import { can, type Rights } from "#lib/access/policy.ts";
import { GLOBAL_ROLES, PROJECT_ROLES, type Role } from "#lib/access/roles.ts";
import { BUILD_STATES, BUILD_TRANSITIONS, type BuildAction, buildActions } from "#lib/builds/state.ts";
import { STAGE_STATES, STAGE_TRANSITIONS, type StageAction, stageActions } from "#lib/stages/state.ts";
import { reachable } from "#lib/state-machine.ts";
import { RELEASE_STATES, RELEASE_TRANSITIONS, type ReleaseAction, releaseActions } from "./state.ts";

const ROLES: Role[] = [...PROJECT_ROLES, ...GLOBAL_ROLES];
const rightsOf = (role: Role): Rights => ({
  userId: "u",
  globalRoles: GLOBAL_ROLES.filter((known) => known === role),
  projectRoles: { p: PROJECT_ROLES.filter((known) => known === role) },
  grants: [],
});
const allows = (role: Role) => (permission: Parameters<typeof can>[1]) =>
  can(rightsOf(role), permission, "p");

// Written out by hand: who may do what in which state. Everything that is not listed is refused.
const RELEASE: Record<string, ReleaseAction[]> = {
  draft: ["edit", "build", "abandon"],
  building: [],
  build_failed: ["build", "abandon"],
  built: ["abandon"],
  released: [],
  abandoned: [],
};
const BUILD: Record<string, BuildAction[]> = {
  queued: ["abort"],
  running: ["abort"],
  succeeded: [],
  failed: ["rebuild"],
  aborted: ["rebuild"],
  unknown: ["rebuild", "accept"],
};
const STAGE: Record<string, StageAction[]> = {
  waiting: ["enter"],
  entered: ["leave"],
  deploying: [],
  failed: ["leave"],
  testing: ["pass", "reject", "leave"],
  passed: [],
  rejected: [],
  rolled_back: [],
  superseded: [],
};
const WRITERS: Role[] = ["developer", "ops", "owner"];
const TESTERS: Role[] = ["tester", "owner"];

const rows = <State extends string, Action>(
  states: readonly State[],
  table: Record<string, Action[]>,
  roles: Role[],
): [State, Role, Action[]][] =>
  states.flatMap((state) =>
    ROLES.map((role): [State, Role, Action[]] => [
      state,
      role,
      roles.includes(role) ? (table[state] ?? []) : [],
    ]),
  );

test.each(rows(RELEASE_STATES, RELEASE, WRITERS))("release %s, %s: %j", (state, role, actions) => {
  expect(releaseActions(state, allows(role))).toEqual(actions);
});
test.each(rows(BUILD_STATES, BUILD, WRITERS))("build %s, %s: %j", (state, role, actions) => {
  expect(buildActions(state, allows(role))).toEqual(actions);
});
test.each(rows(STAGE_STATES, STAGE, TESTERS))("stage %s, %s: %j", (state, role, actions) => {
  expect(stageActions(state, allows(role))).toEqual(actions);
});

test("every state can be reached from the first one", () => {
  expect([...reachable(RELEASE_TRANSITIONS, "draft")].sort()).toEqual([...RELEASE_STATES].sort());
  expect([...reachable(BUILD_TRANSITIONS, "queued")].sort()).toEqual([...BUILD_STATES].sort());
  expect([...reachable(STAGE_TRANSITIONS, "waiting")].sort()).toEqual([...STAGE_STATES].sort());
});
