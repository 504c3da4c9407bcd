import { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { mayFollow } from "#lib/state-machine.ts";
import { STAGE_STATES, STAGE_TRANSITIONS, type StageState } from "./state.ts";
import { databaseTime } from "./time.ts";

const stageStateSchema = z.enum(STAGE_STATES);

export type StageRow = {
  id: string;
  releaseId: string;
  environmentId: string;
  state: StageState;
  version: number;
};

/** The stage of a release in an environment; null when the environment is not on the release's path. */
export async function findStage(tx: Tx, releaseId: string, environmentId: string): Promise<StageRow | null> {
  const row = await tx.stage.findUnique({
    where: { releaseId_environmentId: { releaseId, environmentId } },
    select: { id: true, releaseId: true, environmentId: true, state: true, version: true },
  });
  return row && { ...row, state: stageStateSchema.parse(row.state) };
}

/** Event type of a move, e.g. `stage.entered`. */
export const stageEvent = (to: StageState): string => `stage.${to}`;

/**
 * Moves a stage inside the caller's transaction and tells the release, the project and the environment. Who did it and
 * when is kept where the state has columns for it. The audit entry is the caller's, as the last write.
 * @param data added to the event (names and numbers, never a secret); `comment` is also kept as the verdict's comment
 * @throws AppError INVALID_STATE when the table has no such move; VERSION_CONFLICT when the stage moved meanwhile
 */
export async function moveStage(
  tx: Tx,
  move: {
    stageId: string;
    version: number;
    from: StageState;
    to: StageState;
    actor: Actor | null;
    data?: Record<string, string | number | null>;
  },
): Promise<void> {
  const { from, to, actor, data } = move;
  if (!mayFollow(STAGE_TRANSITIONS, from, to)) {
    throw new AppError("INVALID_STATE", `a stage that is ${from} does not become ${to}`, {
      facts: { from, to },
    });
  }
  const now = await databaseTime(tx);
  const { count } = await tx.stage.updateMany({
    where: { id: move.stageId, version: move.version, state: from },
    data: { state: to, version: { increment: 1 }, ...columns(from, to, actor, now, data?.comment) },
  });
  if (count === 0) throw new AppError("VERSION_CONFLICT", "the stage has moved meanwhile");
  const stage = await tx.stage.findUniqueOrThrow({
    where: { id: move.stageId },
    select: {
      environment: { select: { key: true } },
      release: { select: { number: true, project: { select: { key: true } } } },
    },
  });
  const { number, project } = stage.release;
  const environment = stage.environment.key;
  await emit(tx, {
    topics: [`release:${number}`, `project:${project.key}`, `environment:${project.key}/${environment}`],
    type: stageEvent(to),
    data: {
      ...data,
      release: number,
      environment,
      state: to,
      ...(actor ? { by: { username: actor.username, displayName: actor.displayName } } : {}),
    },
  });
}

function columns(
  from: StageState,
  to: StageState,
  actor: Actor | null,
  now: Date,
  comment: string | number | null | undefined,
) {
  // `deploying -> entered` is a cancelled deployment: who entered stays on record.
  if (from === "waiting") return { enteredById: actor?.id ?? null, enteredAt: now };
  if (to === "testing") return { testingAt: now };
  if (to !== "passed" && to !== "rejected") return {};
  return {
    verdictById: actor?.id ?? null,
    verdictAt: now,
    verdictComment: typeof comment === "string" && comment !== "" ? comment : null,
  };
}
