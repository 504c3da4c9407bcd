import { AppError } from "#lib/errors.ts";
import type { StageState } from "./state.ts";

/**
 * Refuses what somebody decided about a stage that moved since they looked, and says what it is now. Pure; a caller that
 * names no version decides about the stage as it is.
 * @param seen version of the stage that the caller looked at
 * @throws AppError VERSION_CONFLICT
 */
export function requireSeen(
  seen: number | undefined,
  stage: { version: number; state: StageState; environment: { key: string } },
): void {
  if (seen === undefined || seen === stage.version) return;
  const facts = { environment: stage.environment.key, state: stage.state };
  const message = `${facts.environment} is ${facts.state} since you looked`;
  throw new AppError("VERSION_CONFLICT", message, {
    blockers: [{ code: "STAGE_MOVED", message, facts, liftedBy: [] }],
  });
}
