import type { Transitions } from "#lib/state-machine.ts";

export const DEPLOYMENT_STATES = [
  "planned",
  "awaiting_approval",
  "scheduled",
  "queued",
  "applying",
  "rolling_out",
  "verifying",
  "succeeded",
  "failed",
  "rolling_back",
  "rolled_back",
  "cancelled",
  "unknown",
] as const;
export type DeploymentState = (typeof DEPLOYMENT_STATES)[number];

/**
 * `failed -> queued` is a retry of what failed, or going on without it; `unknown -> applying|rolling_out|verifying` happens when the cluster
 * answers again. `failed` and `unknown` end a run but are not ends of the record: a person goes on from there.
 */
export const DEPLOYMENT_TRANSITIONS: Transitions<DeploymentState> = {
  planned: ["awaiting_approval", "scheduled", "queued", "cancelled"],
  awaiting_approval: ["scheduled", "queued", "cancelled"],
  scheduled: ["queued", "cancelled"],
  queued: ["applying", "failed", "cancelled"],
  applying: ["rolling_out", "failed", "cancelled", "unknown"],
  rolling_out: ["verifying", "failed", "cancelled", "unknown"],
  verifying: ["succeeded", "failed", "cancelled", "unknown"],
  unknown: ["applying", "rolling_out", "verifying", "failed", "cancelled"],
  failed: ["queued", "rolling_back"],
  rolling_back: ["rolled_back", "failed"],
  succeeded: [],
  rolled_back: [],
  cancelled: [],
};

/** A deployment in one of these may touch its targets: it holds their locks. */
export const ACTIVE_DEPLOYMENTS: readonly DeploymentState[] = [
  "queued",
  "applying",
  "rolling_out",
  "verifying",
  "unknown",
];

export const TARGET_RUN_STATES = [
  "queued",
  "applying",
  "rolling_out",
  "verifying",
  "succeeded",
  "failed",
  "cancelled",
  "unknown",
  "skipped",
] as const;
export type TargetRunState = (typeof TARGET_RUN_STATES)[number];
/** Nothing more happens on the target unless somebody asks for it. */
export const ENDED_TARGETS: readonly TargetRunState[] = ["succeeded", "failed", "cancelled", "skipped"];

export const STEP_NAMES = [
  "dry_run",
  "apply",
  "canary",
  "wait",
  "promote",
  "roll_out",
  "switch",
  "verify",
  "clean_up",
] as const;
export type StepName = (typeof STEP_NAMES)[number];
export const STEP_STATES = ["waiting", "running", "succeeded", "failed", "skipped", "cancelled"] as const;
export type StepState = (typeof STEP_STATES)[number];

/** All need the right to deploy in the environment (mayDeploy of lib/access/policy.ts). */
export const DEPLOYMENT_ACTIONS = {
  cancel: {
    from: [
      "planned",
      "awaiting_approval",
      "scheduled",
      "queued",
      "applying",
      "rolling_out",
      "verifying",
      "unknown",
    ],
  },
  /** The step at hand ends; nothing new begins until somebody continues. */
  pause: { from: ["queued", "applying", "rolling_out", "verifying", "unknown"] },
  /** Ends a pause, lets a wave begin, or ends a step that waits for a person. */
  continue: { from: ["queued", "applying", "rolling_out", "verifying", "unknown"] },
  retry: { from: ["failed"] },
  /** Leaves a target that failed as it is, with a reason, and goes on with what is left. */
  skip: { from: ["failed"] },
  /** To what a successful deployment put there; a failed one is undone by rolling back to the one before. */
  rollback: { from: ["succeeded", "failed"] },
} as const satisfies Record<string, { from: readonly DeploymentState[] }>;
export type DeploymentAction = keyof typeof DEPLOYMENT_ACTIONS;

export function deploymentActions(state: DeploymentState, mayDeploy: boolean): DeploymentAction[] {
  if (!mayDeploy) return [];
  return (Object.keys(DEPLOYMENT_ACTIONS) as DeploymentAction[]).filter((action) => {
    const rule: { from: readonly DeploymentState[] } = DEPLOYMENT_ACTIONS[action];
    return rule.from.includes(state);
  });
}
