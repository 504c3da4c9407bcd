import type { StepName, TargetRunState } from "../state.ts";
import { apply } from "./apply.ts";
import { dryRun } from "./dry-run.ts";
import type { Outcome, StepInput } from "./outcome.ts";
import { rollOut } from "./roll-out.ts";
import { verify } from "./verify.ts";

/** What each step does: one look, which may be repeated after any crash. */
export const PERFORM: Readonly<Record<StepName, (input: StepInput) => Promise<Outcome>>> = {
  dry_run: dryRun,
  apply,
  roll_out: rollOut,
  verify,
};

/** The state of a target while it is at a step. */
export const STATE_OF: Readonly<Record<StepName, TargetRunState>> = {
  dry_run: "applying",
  apply: "applying",
  roll_out: "rolling_out",
  verify: "verifying",
};
