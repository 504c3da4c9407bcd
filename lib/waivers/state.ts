import type { Transitions } from "#lib/state-machine.ts";

/** A request to let something through that an image policy refuses. */
export const WAIVER_STATES = ["asked", "granted", "declined", "revoked", "ended"] as const;
export type WaiverState = (typeof WAIVER_STATES)[number];
/** `ended`: its time was over, granted or never decided. */
export const WAIVER_TRANSITIONS: Transitions<WaiverState> = {
  asked: ["granted", "declined", "revoked", "ended"],
  granted: ["revoked", "ended"],
  declined: [],
  revoked: [],
  ended: [],
};
