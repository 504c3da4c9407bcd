import { applyObjects } from "./apply.ts";
import type { Outcome, StepInput } from "./outcome.ts";

/** The canary has proved itself: the stable one becomes what it is. */
export const promote = (input: StepInput): Promise<Outcome> => applyObjects(input, "promote");
