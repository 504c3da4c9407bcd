import type { Permission } from "#lib/access/roles.ts";
import type { Transitions } from "#lib/state-machine.ts";

export const BUILD_STATES = ["queued", "running", "succeeded", "failed", "aborted", "unknown"] as const;
export type BuildState = (typeof BUILD_STATES)[number];

/**
 * `queued -> succeeded` and the like pass through `running`: a build that ended before it was seen running is
 * recorded with both steps. `unknown -> succeeded` is a person's decision (accept), never a guess.
 */
export const BUILD_TRANSITIONS: Transitions<BuildState> = {
  queued: ["running", "aborted", "failed", "unknown"],
  running: ["succeeded", "failed", "aborted", "unknown"],
  unknown: ["succeeded"],
  succeeded: [],
  failed: [],
  aborted: [],
};

export const BUILD_ACTIONS = {
  abort: { from: ["queued", "running"], permission: "release.write" },
  /** A new attempt of the same item at the same commit. */
  rebuild: { from: ["failed", "aborted", "unknown"], permission: "release.write" },
  /** Take the digest that the registry has for the tag. */
  accept: { from: ["unknown"], permission: "release.write" },
} as const satisfies Record<string, { from: readonly BuildState[]; permission: Permission }>;
export type BuildAction = keyof typeof BUILD_ACTIONS;

export function buildActions(state: BuildState, allows: (permission: Permission) => boolean): BuildAction[] {
  return (Object.keys(BUILD_ACTIONS) as BuildAction[]).filter((action) => {
    const rule: { from: readonly BuildState[]; permission: Permission } = BUILD_ACTIONS[action];
    return rule.from.includes(state) && allows(rule.permission);
  });
}
