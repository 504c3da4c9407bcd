import type { StateName } from "#components/ui/states.ts";
import type { PodView } from "#lib/rollouts/schema.ts";

const STATES: Readonly<Record<PodView["state"], StateName>> = {
  pending: "waiting",
  starting: "progressing",
  ready: "healthy",
  failing: "unhealthy",
  terminating: "progressing",
  succeeded: "succeeded",
};

/** Colour and icon of a pod's state. */
export const podState = (state: PodView["state"]): StateName => STATES[state];
