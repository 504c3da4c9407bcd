import { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { mayFollow } from "#lib/state-machine.ts";
import { STAGE_STATES, STAGE_TRANSITIONS, type StageState } from "./state.ts";
import { NOW } from "./time.ts";

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
  const [moved] = await tx.$queryRaw<{ number: string; project: string; environment: string }[]>`
    UPDATE "Stage" stage SET state = ${to}, version = stage.version + 1${columns(from, to, actor, data?.comment)}
    FROM "Release" release, "Project" project, "Environment" environment
    WHERE stage.id = ${move.stageId}::uuid AND stage.version = ${move.version} AND stage.state = ${from}
      AND release.id = stage."releaseId" AND project.id = release."projectId"
      AND environment.id = stage."environmentId"
    RETURNING release.number, project.key AS project, environment.key AS environment`;
  if (!moved) throw new AppError("VERSION_CONFLICT", "the stage has moved meanwhile");
  const { number, project, environment } = moved;
  await emit(tx, {
    topics: [`release:${number}`, `project:${project}`, `environment:${project}/${environment}`],
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
  comment: string | number | null | undefined,
): Prisma.Sql {
  const person = Prisma.sql`${actor?.id ?? null}::uuid`;
  // `deploying -> entered` is a cancelled deployment: who entered stays on record.
  if (from === "waiting") return Prisma.sql`, "enteredById" = ${person}, "enteredAt" = ${NOW}`;
  if (to === "testing") return Prisma.sql`, "testingAt" = ${NOW}`;
  if (to !== "passed" && to !== "rejected") return Prisma.empty;
  const said = typeof comment === "string" && comment !== "" ? comment : null;
  return Prisma.sql`, "verdictById" = ${person}, "verdictAt" = ${NOW}, "verdictComment" = ${said}`;
}
