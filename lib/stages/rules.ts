import type { Blocker } from "#lib/errors.ts";
import { RELEASE_ACTIONS } from "#lib/releases/state.ts";
import { rolesWith } from "../access/roles.ts";
import { STAGE_ACTIONS, type StageState } from "./state.ts";

export type EnterFacts = {
  release: string;
  releaseState: string;
  stageState: StageState;
  environment: string;
  /** The stage before it on the path; null for the first. */
  previous: { environment: string; state: StageState } | null;
};

/** Everything that keeps a release out of an environment, but for a held environment: there it queues. */
export function enterBlockers(facts: EnterFacts): Blocker[] {
  const blockers: Blocker[] = [];
  const { previous, releaseState, environment } = facts;
  if (facts.stageState !== "waiting") {
    blockers.push({
      code: "WRONG_STATE",
      message: `the stage is ${facts.stageState}, not ${STAGE_ACTIONS.enter.from.join(" or ")}`,
      facts: { noun: "stage", state: facts.stageState, from: STAGE_ACTIONS.enter.from.join(", ") },
      liftedBy: [],
    });
  }
  if (releaseState !== "built") {
    blockers.push({
      code: "RELEASE_NOT_BUILT",
      message: `release ${facts.release} is ${releaseState}`,
      facts: { release: facts.release, state: releaseState },
      liftedBy: rolesWith(RELEASE_ACTIONS.build.permission),
    });
  }
  if (previous && previous.state !== "passed") {
    blockers.push({
      code: "PREVIOUS_NOT_PASSED",
      message: `${previous.environment} is ${previous.state}, not passed`,
      facts: { environment, previous: previous.environment, state: previous.state },
      liftedBy: rolesWith(STAGE_ACTIONS.pass.permission),
    });
  }
  return blockers;
}

/** Whether a release that wants in has to wait: another one holds the environment, or was first in the queue. */
export function mustQueue(
  releaseId: string,
  place: { holderReleaseId: string | null; queue: readonly { releaseId: string }[] },
): boolean {
  if (place.holderReleaseId !== null) return place.holderReleaseId !== releaseId;
  const [first] = place.queue;
  return first !== undefined && first.releaseId !== releaseId;
}

/** A newer pass replaces an older release where it replaces everything that the older one brought. */
export const replaces = (newer: readonly string[], older: readonly string[]): boolean =>
  older.every((component) => newer.includes(component));
