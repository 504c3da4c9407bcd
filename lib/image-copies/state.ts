/**
 * A copy of an artifact in the registry of an environment: `queued -> copying -> copied`, or back to `queued` for
 * another attempt, or `failed` until somebody asks again. `copied -> queued`: the registry has lost it,
 * as a plan saw, or a person who was told so.
 */
export const COPY_STATES = ["queued", "copying", "copied", "failed"] as const;
export type CopyState = (typeof COPY_STATES)[number];
/** From where a person may ask for it again; `queued`: at once instead of after its pause. */
export const RETRY_COPY_FROM: readonly CopyState[] = ["failed", "queued"];

/** Whether a copy that was made is not there any more, as its registry said when it was last asked. */
export const isLost = (copy: { state: string; goneSince: Date | null }): boolean =>
  copy.state === "copied" && copy.goneSince !== null;
