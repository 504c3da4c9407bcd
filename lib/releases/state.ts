import type { Permission } from "#lib/access/roles.ts";
import type { Transitions } from "#lib/state-machine.ts";

export const RELEASE_STATES = [
  "draft",
  "building",
  "build_failed",
  "built",
  "released",
  "abandoned",
] as const;
export type ReleaseState = (typeof RELEASE_STATES)[number];

/** On their way: what becomes of their refs may still matter. */
export const UNFINISHED_RELEASES: readonly ReleaseState[] = ["draft", "building", "build_failed", "built"];

export const RELEASE_TRANSITIONS: Transitions<ReleaseState> = {
  draft: ["building", "abandoned"],
  building: ["built", "build_failed"],
  build_failed: ["building", "abandoned"],
  built: ["released", "abandoned"],
  released: [],
  abandoned: [],
};

export const RELEASE_ACTIONS = {
  edit: { from: ["draft"], permission: "release.write" },
  build: { from: ["draft", "build_failed"], permission: "release.write" },
  abandon: { from: ["draft", "build_failed", "built"], permission: "release.write" },
} as const satisfies Record<string, { from: readonly ReleaseState[]; permission: Permission }>;
export type ReleaseAction = keyof typeof RELEASE_ACTIONS;

/** What may be done with a release order in this state by someone for whom `allows` says yes. */
export function releaseActions(
  state: ReleaseState,
  allows: (permission: Permission) => boolean,
): ReleaseAction[] {
  return (Object.keys(RELEASE_ACTIONS) as ReleaseAction[]).filter((action) => {
    const rule: { from: readonly ReleaseState[]; permission: Permission } = RELEASE_ACTIONS[action];
    return rule.from.includes(state) && allows(rule.permission);
  });
}

/** Components of one release order at most. */
export const MAX_ITEMS = 100;
