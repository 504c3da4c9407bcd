import { RELEASE_STATES, type ReleaseState } from "./state.ts";

/** Words that a reader sees: those of the state machine, and `build_aborted` where nothing failed but was stopped. */
export const SHOWN_STATES = [...RELEASE_STATES, "build_aborted"] as const;
export type ShownState = (typeof SHOWN_STATES)[number];

/**
 * How a release order stands, in a reader's words: one whose missing images were all stopped on the way (the newest build
 * of each is `aborted`) did not fail. Pure.
 * @param items the newest build of each
 */
export function shownState(
  state: ReleaseState,
  items: readonly { artifact: unknown; build: { state: string } | null }[],
): ShownState {
  if (state !== "build_failed") return state;
  const missing = items.filter(({ artifact }) => artifact === null);
  return missing.length > 0 && missing.every(({ build }) => build?.state === "aborted")
    ? "build_aborted"
    : state;
}
