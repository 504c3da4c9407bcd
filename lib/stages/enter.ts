import type { Actor } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { askCopies } from "#lib/image-copies/ask.ts";
import { refuseIf } from "#lib/releases/refusal.ts";
import { lockRelease } from "#lib/releases/settle.ts";
import { hold, holderOf, placeOf, queueOf } from "#lib/reservations/hold.ts";
import { transaction } from "#lib/transaction.ts";
import { lockFlow } from "./lock.ts";
import { moveStage } from "./move.ts";
import { openStage, type Place } from "./place.ts";
import { enterBlockers, mustQueue } from "./rules.ts";
import type { EnterAnswer } from "./schema.ts";
import { requireSeen } from "./seen.ts";

type Input = { actor: Actor; release: string; environment: string; version?: number | undefined };

/**
 * Flows a release into an environment and holds it; while another release holds it, or waits longer, the release joins
 * the queue instead, which is no error. Asking again while it waits answers the same place.
 * @throws AppError FORBIDDEN | INVALID_STATE | BLOCKED (RELEASE_NOT_BUILT, PREVIOUS_NOT_PASSED) | VERSION_CONFLICT
 */
export async function enterStage(input: Input): Promise<EnterAnswer> {
  const { release } = await openStage({ ...input, action: "enter" });
  try {
    return await transaction((tx) => enter(tx, input, release));
  } catch (error) {
    // Another release took the environment in this moment: now the queue is the answer.
    if (error instanceof AppError && error.code === "CONFLICT")
      return transaction((tx) => enter(tx, input, release));
    throw error;
  }
}

async function enter(tx: Tx, input: Input, { id, project }: Place["release"]): Promise<EnterAnswer> {
  const { actor } = input;
  await lockFlow(tx, project.id);
  await lockRelease(tx, id);
  const place = await openStage({ ...input, action: "enter" }, tx);
  const { release, stage, previous } = place;
  requireSeen(input.version, stage);
  const environment = stage.environment.key;
  refuseIf(
    enterBlockers({
      release: release.number,
      releaseState: release.state,
      stageState: stage.state,
      environment,
      previous: previous && { environment: previous.environment.key, state: previous.state },
    }),
  );
  const holder = await holderOf(tx, release.project.id, stage.environment.id);
  const queue = await queueOf(tx, release.project.id, stage.environment.id);
  if (mustQueue(release.id, { holderReleaseId: holder?.releaseId ?? null, queue })) {
    const position = await join(tx, actor, place);
    return { release: release.number, environment, state: stage.state, queued: true, position };
  }
  await hold(tx, {
    projectId: release.project.id,
    environmentId: stage.environment.id,
    releaseId: release.id,
    heldById: actor.id,
    until: null,
  });
  await moveStage(tx, { stageId: stage.id, version: stage.version, from: stage.state, to: "entered", actor });
  await askCopies(tx, { actor, releaseId: release.id, environmentId: stage.environment.id });
  await recordAudit(tx, {
    actor,
    action: "stage.enter",
    subject: "stage",
    subjectId: `${release.number}/${environment}`,
    projectKey: release.project.key,
    data: { release: release.number, environment },
  });
  return { release: release.number, environment, state: "entered", queued: false, position: null };
}

async function join(tx: Tx, actor: Actor, { release, stage }: Place): Promise<number> {
  const place = { projectId: release.project.id, environmentId: stage.environment.id };
  const { count } = await tx.queueEntry.createMany({
    data: [{ ...place, releaseId: release.id, requestedById: actor.id }],
    skipDuplicates: true,
  });
  const queue = await queueOf(tx, place.projectId, place.environmentId);
  const position = queue.findIndex(({ releaseId }) => releaseId === release.id) + 1;
  if (count === 0) return position;
  const { topic, names } = await placeOf(tx, place.projectId, place.environmentId);
  await emit(tx, {
    topics: [topic, `project:${names.project}`, `release:${release.number}`],
    type: "queue.joined",
    data: {
      ...names,
      release: release.number,
      position,
      by: { username: actor.username, displayName: actor.displayName },
    },
  });
  await recordAudit(tx, {
    actor,
    action: "stage.queue",
    subject: "stage",
    subjectId: `${release.number}/${names.environment}`,
    projectKey: names.project,
    data: { release: release.number, environment: names.environment, position },
  });
  return position;
}
