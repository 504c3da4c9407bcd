import type { Actor } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import type { Tx } from "#lib/db.ts";
import { emit } from "#lib/events/emit.ts";
import { refuseIf, wrongState } from "#lib/releases/refusal.ts";
import { lockRelease } from "#lib/releases/settle.ts";
import { free, leaveQueues } from "#lib/reservations/hold.ts";
import { transaction } from "#lib/transaction.ts";
import { lockFlow } from "./lock.ts";
import { moveStage } from "./move.ts";
import { openStage, type Place } from "./place.ts";
import { replaces } from "./rules.ts";
import type { StageAnswer } from "./schema.ts";
import { requireSeen } from "./seen.ts";
import { STAGE_ACTIONS, STAGE_STATES, type StageAction, type StageState } from "./state.ts";
import { databaseTime } from "./time.ts";

type Input = { actor: Actor; release: string; environment: string; version?: number | undefined };

/** One locked transaction for an action that ends what a stage does in its environment. */
async function act(
  input: Input & { action: StageAction },
  work: (tx: Tx, place: Place) => Promise<StageAnswer>,
): Promise<StageAnswer> {
  const { release } = await openStage(input);
  return transaction(async (tx) => {
    await lockFlow(tx, release.project.id);
    await lockRelease(tx, release.id);
    const place = await openStage(input, tx);
    requireSeen(input.version, place.stage);
    const from: readonly StageState[] = STAGE_ACTIONS[input.action].from;
    refuseIf(from.includes(place.stage.state) ? [] : [wrongState("stage", place.stage.state, from)]);
    return work(tx, place);
  });
}

const freePlace = (tx: Tx, { release, stage }: Pick<Place, "release" | "stage">) =>
  free(tx, { projectId: release.project.id, environmentId: stage.environment.id, releaseId: release.id });

const audit = (
  tx: Tx,
  actor: Actor,
  { release, stage }: Place,
  action: string,
  data: Record<string, unknown>,
) =>
  recordAudit(tx, {
    actor,
    action,
    subject: "stage",
    subjectId: `${release.number}/${stage.environment.key}`,
    projectKey: release.project.key,
    data: { release: release.number, environment: stage.environment.key, before: stage.state, ...data },
  });

/**
 * A tester's verdict on what is under test. It frees the environment; a pass supersedes older releases there, and the
 * pass of the last environment makes the release `released`.
 * @throws AppError FORBIDDEN | INVALID_STATE | VERSION_CONFLICT
 */
export async function verdict(
  input: Input & { verdict: "pass" | "reject"; comment: string },
): Promise<StageAnswer> {
  const { actor, comment } = input;
  const to = input.verdict === "pass" ? "passed" : "rejected";
  return act({ ...input, action: input.verdict }, async (tx, place) => {
    const { release, stage, isLast } = place;
    await moveStage(tx, {
      stageId: stage.id,
      version: stage.version,
      from: stage.state,
      to,
      actor,
      data: comment ? { comment } : {},
    });
    await freePlace(tx, place);
    const superseded = to === "passed" ? await supersedeOlder(tx, place) : [];
    const released = to === "passed" && isLast && release.state === "built";
    if (released) {
      await tx.release.update({
        where: { id: release.id },
        data: { state: "released", version: { increment: 1 }, endedAt: await databaseTime(tx) },
      });
      await emit(tx, {
        topics: [`release:${release.number}`, `project:${release.project.key}`],
        type: "release.released",
        data: { number: release.number, state: "released" },
      });
    }
    await audit(tx, actor, place, `stage.${input.verdict}`, { after: to, comment, superseded, released });
    return {
      release: release.number,
      releaseState: released ? "released" : release.state,
      environment: stage.environment.key,
      state: to,
    };
  });
}

/**
 * Ends a stage without a verdict: it becomes `superseded` and the environment is free for the next.
 * @throws AppError FORBIDDEN | INVALID_STATE | VERSION_CONFLICT
 */
export async function leaveStage(input: Input): Promise<StageAnswer> {
  const { actor } = input;
  return act({ ...input, action: "leave" }, async (tx, place) => {
    const { release, stage } = place;
    await moveStage(tx, {
      stageId: stage.id,
      version: stage.version,
      from: stage.state,
      to: "superseded",
      actor,
      data: { reason: "left" },
    });
    await freePlace(tx, place);
    await audit(tx, actor, place, "stage.leave", { after: "superseded" });
    return {
      release: release.number,
      releaseState: release.state,
      environment: stage.environment.key,
      state: "superseded",
    };
  });
}

/** Older releases of the same components in this environment are out of date now. Their numbers. */
async function supersedeOlder(tx: Tx, { release, stage }: Place): Promise<string[]> {
  const older = await tx.stage.findMany({
    where: {
      environmentId: stage.environment.id,
      state: { in: ["entered", "failed", "testing", "passed"] },
      release: { projectId: release.project.id, createdAt: { lt: release.createdAt } },
    },
    select: {
      id: true,
      state: true,
      version: true,
      release: { select: { id: true, number: true, items: { select: { componentId: true } } } },
    },
    orderBy: { id: "asc" },
  });
  const ours = release.items.map(({ componentId }) => componentId);
  const replaced = older.filter((other) =>
    replaces(
      ours,
      other.release.items.map(({ componentId }) => componentId),
    ),
  );
  for (const other of replaced) {
    const from = STAGE_STATES.find((state) => state === other.state);
    if (!from) continue;
    await moveStage(tx, {
      stageId: other.id,
      version: other.version,
      from,
      to: "superseded",
      actor: null,
      data: { by_release: release.number, reason: "newer_passed" },
    });
    await free(tx, {
      projectId: release.project.id,
      environmentId: stage.environment.id,
      releaseId: other.release.id,
    });
    // Without its pass here it enters nothing further on.
    await leaveQueues(tx, other.release.id);
  }
  return replaced.map((other) => other.release.number);
}
