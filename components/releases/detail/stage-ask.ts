import type { ReleaseDto, StageDto } from "#lib/releases/schema.ts";

/** What somebody is asked to confirm about a stage. */
export type AskKind = "enter" | "leaveQueue" | "verdict" | "leave";
/** A question, and the stage as it was when it was asked: what moves meanwhile is told, and nothing is done. */
export type Ask = { kind: AskKind; environment: string; version: number };

/** A question about a stage as it is now. */
export const askOf = (kind: AskKind, stage: Pick<StageDto, "environment" | "version">): Ask => ({
  kind,
  environment: stage.environment,
  version: stage.version,
});

type Moved = { state: string; by: string | null; at: string | null };

/** What became of a stage since somebody was asked about it, by whom and when; null while it is the same. Pure. */
export function movedSince(ask: Pick<Ask, "version">, stage: StageDto): Moved | null {
  if (stage.version === ask.version) return null;
  const { state } = stage;
  switch (state) {
    case "entered":
      return { state, by: stage.enteredBy?.displayName ?? null, at: stage.enteredAt };
    case "passed":
    case "rejected":
      return { state, by: stage.verdictBy?.displayName ?? null, at: stage.verdictAt };
    case "deploying":
      return {
        state,
        by: stage.deployment?.createdBy.displayName ?? null,
        at: stage.deployment?.createdAt ?? null,
      };
    case "testing":
      return { state, by: null, at: stage.testingAt };
    default:
      return { state, by: null, at: null };
  }
}

export type Effect = { code: string; facts: Record<string, string | number> };

/** What an answer does to the release order and to the environment's queue, in the order that it is told. Pure. */
export function effectsOf(kind: Exclude<AskKind, "verdict">, release: ReleaseDto, stage: StageDto): Effect[] {
  const { environment, queueLength, queuePosition, reservation, approvalsRequired } = stage;
  const others = queuePosition === null ? queueLength : queueLength - 1;
  const effect = (code: string, facts: Effect["facts"] = {}): Effect => ({
    code,
    facts: { environment, ...facts },
  });
  if (kind === "leave") return [effect("ends"), effect("frees", { waiting: others }), effect("noReturn")];
  if (kind === "leaveQueue") {
    const behind = queueLength - (queuePosition ?? queueLength);
    return [effect("givesPlaceUp", { position: queuePosition ?? 1, behind }), effect("lastAgain")];
  }
  if (stage.enterQueues) {
    const held = reservation !== null && reservation.release !== release.number;
    return [
      held
        ? effect("heldBy", { release: reservation.release, holder: reservation.heldBy.displayName })
        : effect("othersFirst"),
      effect("joins", { position: queuePosition ?? queueLength + 1 }),
    ];
  }
  return [
    effect("holds"),
    ...(others > 0 ? [effect("othersWait", { waiting: others })] : []),
    effect(approvalsRequired > 0 ? "deploysNothingYet" : "deploysNothingYetFree", {
      count: approvalsRequired,
    }),
  ];
}
