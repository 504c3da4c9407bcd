import type { Tx } from "#lib/db.ts";
import type { Run } from "../run.ts";
import type { StepName, TargetRunState } from "../state.ts";
import { apply, takeInventory } from "./apply.ts";
import { canary } from "./canary.ts";
import { cleanUp } from "./clean-up.ts";
import { dryRun } from "./dry-run.ts";
import type { Outcome, StepInput } from "./outcome.ts";
import { promote } from "./promote.ts";
import { rollOut } from "./roll-out.ts";
import { switchTraffic } from "./switch.ts";
import { verify } from "./verify.ts";
import { wait } from "./wait.ts";
import { withdrawing } from "./withdraw.ts";

/** What each step does: one look, which may be repeated after any crash. */
export const PERFORM: Readonly<Record<StepName, (input: StepInput) => Promise<Outcome>>> = {
  dry_run: dryRun,
  apply: withdrawing(apply),
  canary: withdrawing(canary),
  wait: withdrawing(wait),
  promote: withdrawing(promote),
  roll_out: withdrawing(rollOut),
  switch: withdrawing(switchTraffic),
  verify: withdrawing(verify),
  clean_up: withdrawing(cleanUp),
};

/** The state of a target while it is at a step. */
export const STATE_OF: Readonly<Record<StepName, TargetRunState>> = {
  dry_run: "applying",
  apply: "applying",
  canary: "rolling_out",
  wait: "rolling_out",
  promote: "rolling_out",
  roll_out: "rolling_out",
  switch: "rolling_out",
  verify: "verifying",
  clean_up: "verifying",
};

/** What is written to the database in the transaction in which a step begins. */
export const OPENING: Partial<
  Record<StepName, (tx: Tx, run: Run, plan: StepInput["plan"]) => Promise<void>>
> = { apply: takeInventory };
