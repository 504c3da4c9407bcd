import type { Permission } from "#lib/access/roles.ts";
import type { Transitions } from "#lib/state-machine.ts";

export const STAGE_STATES = [
  "waiting",
  "entered",
  "deploying",
  "failed",
  "testing",
  "passed",
  "rejected",
  "rolled_back",
  "superseded",
] as const;
export type StageState = (typeof STAGE_STATES)[number];

/**
 * `deploying -> entered` is a deployment cancelled before it touched anything; `deploying -> rolled_back` and
 * `failed -> rolled_back` follow a rollback of a failed deployment. `passed` is left by a rollback only.
 */
export const STAGE_TRANSITIONS: Transitions<StageState> = {
  waiting: ["entered"],
  entered: ["deploying", "superseded"],
  deploying: ["testing", "failed", "entered", "rolled_back"],
  failed: ["deploying", "superseded", "rolled_back"],
  testing: ["passed", "rejected", "rolled_back", "superseded", "deploying"],
  passed: ["rolled_back", "superseded"],
  rejected: [],
  rolled_back: [],
  superseded: [],
};

export const STAGE_ACTIONS = {
  enter: { from: ["waiting"], permission: "stage.flow" },
  pass: { from: ["testing"], permission: "stage.flow" },
  reject: { from: ["testing"], permission: "stage.flow" },
  /** Ends a test without a verdict and frees the environment. */
  leave: { from: ["entered", "failed", "testing"], permission: "stage.flow" },
} as const satisfies Record<string, { from: readonly StageState[]; permission: Permission }>;
export type StageAction = keyof typeof STAGE_ACTIONS;

/** Stages whose release may be planned and deployed (deploying itself is a right of the environment, see policy.ts). */
export const DEPLOYABLE_STAGES: readonly StageState[] = ["entered", "failed", "testing"];

/** Stages that nothing is deployed in any more: whatever was planned for them is history. */
const OVER_STAGES: readonly StageState[] = ["passed", "rejected", "rolled_back", "superseded"];
export const stageOver = (state: StageState): boolean => OVER_STAGES.includes(state);

export function stageActions(state: StageState, allows: (permission: Permission) => boolean): StageAction[] {
  return (Object.keys(STAGE_ACTIONS) as StageAction[]).filter((action) => {
    const rule: { from: readonly StageState[]; permission: Permission } = STAGE_ACTIONS[action];
    return rule.from.includes(state) && allows(rule.permission);
  });
}
