import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { rolesWith } from "#lib/access/roles.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { db } from "#lib/db.ts";
import { AppError, type Blocker } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { refuseIf, wrongState } from "#lib/releases/refusal.ts";
import { lockFlow } from "#lib/stages/lock.ts";
import { mustQueue } from "#lib/stages/rules.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { free, hold, holderOf, placeOf, queueOf, tellNext } from "./hold.ts";
import { getReservation, readPlace } from "./queries.ts";
import type { ReservationDto } from "./schema.ts";

type Input = { actor: Actor; project: string; environment: string };

/** States in which a release has a use for an environment. */
const MAY_HOLD = ["draft", "building", "build_failed", "built"];

async function openPlace({ actor, project, environment }: Input) {
  const place = await readPlace(actor, project, environment);
  requirePermission(actor, "stage.flow", place.project.id);
  return place;
}

async function findRelease(projectId: string, number: string) {
  const release = await db.release.findFirst({
    where: { number, projectId },
    select: { id: true, number: true, state: true },
  });
  if (!release) throw new AppError("NOT_FOUND", `no release ${number} in this project`);
  return release;
}

/**
 * Holds an environment for a release, or changes until when it is held.
 * @param input.until null: until it is freed
 * @throws AppError FORBIDDEN | BLOCKED (ENVIRONMENT_HELD, QUEUE_FIRST) | INVALID_STATE | INVALID_INPUT for a past time
 */
export async function holdEnvironment(
  input: Input & { release: string; until?: string | null },
): Promise<ReservationDto> {
  const { actor } = input;
  const { project, environment } = await openPlace(input);
  const release = await findRelease(project.id, input.release);
  const until = input.until ? new Date(input.until) : null;
  await transaction(async (tx) => {
    await lockFlow(tx, project.id);
    if (until && until <= (await databaseTime(tx))) {
      throw new AppError("INVALID_INPUT", "`until` has passed already");
    }
    const holder = await holderOf(tx, project.id, environment.id);
    const queue = await queueOf(tx, project.id, environment.id);
    const [first] = queue;
    const blockers: Blocker[] = [];
    if (!MAY_HOLD.includes(release.state)) blockers.push(wrongState("release", release.state, MAY_HOLD));
    if (mustQueue(release.id, { holderReleaseId: holder?.releaseId ?? null, queue })) {
      if (holder) blockers.push(heldBlocker(environment.key, holder.releaseNumber, holder.heldBy));
      else if (first) blockers.push(queueBlocker(environment.key, first.release.number, first.requestedBy));
    }
    refuseIf(blockers);
    await hold(tx, {
      projectId: project.id,
      environmentId: environment.id,
      releaseId: release.id,
      heldById: actor.id,
      until,
    });
    await recordAudit(tx, {
      actor,
      action: "reservation.hold",
      subject: "reservation",
      subjectId: `${project.key}/${environment.key}`,
      projectKey: project.key,
      data: { release: release.number, environment: environment.key, until: until?.toISOString() ?? null },
    });
  });
  return getReservation(actor, project.key, environment.key);
}

/**
 * Frees an environment, or takes `release` out of its queue. Only its holder or an owner frees it.
 * @throws AppError FORBIDDEN | BLOCKED (HELD_BY_OTHER, DEPLOYMENT_OPEN) | CONFLICT when there is nothing to free
 */
export async function freeEnvironment(input: Input & { release?: string }): Promise<ReservationDto> {
  const { actor } = input;
  const { project, environment } = await openPlace(input);
  if (input.release) await leaveQueue(input, input.release);
  else {
    await transaction(async (tx) => {
      await lockFlow(tx, project.id);
      const holder = await holderOf(tx, project.id, environment.id);
      if (!holder) throw new AppError("CONFLICT", "nobody holds the environment");
      const blockers: Blocker[] = [];
      if (holder.heldBy.id !== actor.id && !can(actor.rights, "project.manage", project.id)) {
        blockers.push({
          code: "HELD_BY_OTHER",
          message: `${holder.heldBy.displayName} holds ${environment.key}`,
          facts: { environment: environment.key, holder: holder.heldBy.displayName },
          liftedBy: [holder.heldBy.username, ...rolesWith("project.manage")],
        });
      }
      const deploying = await tx.stage.count({
        where: { releaseId: holder.releaseId, environmentId: environment.id, state: "deploying" },
      });
      if (deploying > 0) {
        blockers.push({
          code: "DEPLOYMENT_OPEN",
          message: `a deployment to ${environment.key} runs`,
          facts: { environment: environment.key },
          liftedBy: ["system"],
        });
      }
      refuseIf(blockers);
      await free(tx, { projectId: project.id, environmentId: environment.id });
      await recordAudit(tx, {
        actor,
        action: "reservation.free",
        subject: "reservation",
        subjectId: `${project.key}/${environment.key}`,
        projectKey: project.key,
        data: {
          release: holder.releaseNumber,
          environment: environment.key,
          heldBy: holder.heldBy.username,
        },
      });
    });
  }
  return getReservation(actor, project.key, environment.key);
}

async function leaveQueue(input: Input, number: string): Promise<void> {
  const { actor } = input;
  const { project, environment } = await openPlace(input);
  const release = await findRelease(project.id, number);
  await transaction(async (tx) => {
    await lockFlow(tx, project.id);
    const { count } = await tx.queueEntry.updateMany({
      where: { projectId: project.id, environmentId: environment.id, releaseId: release.id, endedAt: null },
      data: { endedAt: await databaseTime(tx) },
    });
    if (count === 0) throw new AppError("CONFLICT", `${number} does not wait for ${environment.key}`);
    const { topic, names } = await placeOf(tx, project.id, environment.id);
    await emit(tx, {
      topics: [topic, `project:${project.key}`, `release:${number}`],
      type: "queue.left",
      data: { ...names, release: number, by: { username: actor.username, displayName: actor.displayName } },
    });
    // If it was first and the environment is free, the next one's turn has come.
    await tellNext(tx, project.id, environment.id);
    await recordAudit(tx, {
      actor,
      action: "reservation.leave_queue",
      subject: "reservation",
      subjectId: `${project.key}/${environment.key}`,
      projectKey: project.key,
      data: { release: number, environment: environment.key },
    });
  });
}

/**
 * Frees environments whose holders' time has run out and tells who is next; for the worker's sweep.
 * @returns how many were freed
 */
export async function freeLapsed(): Promise<number> {
  const now = await databaseTime(db);
  const lapsed = await db.reservation.findMany({
    where: { releasedAt: null, until: { lte: now } },
    select: {
      projectId: true,
      environmentId: true,
      releaseId: true,
      release: { select: { number: true, project: { select: { key: true } } } },
      environment: { select: { key: true } },
    },
  });
  let freed = 0;
  for (const { projectId, environmentId, releaseId, release, environment } of lapsed) {
    await transaction(async (tx) => {
      await lockFlow(tx, projectId);
      const stillLapsed = await tx.reservation.count({
        where: { projectId, environmentId, releaseId, releasedAt: null, until: { lte: now } },
      });
      if (stillLapsed === 0 || !(await free(tx, { projectId, environmentId, releaseId }))) return;
      freed += 1;
      await recordAudit(tx, {
        actor: null,
        action: "reservation.lapse",
        subject: "reservation",
        subjectId: `${release.project.key}/${environment.key}`,
        projectKey: release.project.key,
        data: { release: release.number, environment: environment.key },
      });
    });
  }
  return freed;
}

type Named = { username: string; displayName: string };
const heldBlocker = (environment: string, release: string, by: Named): Blocker => ({
  code: "ENVIRONMENT_HELD",
  message: `${release} holds ${environment}`,
  facts: { environment, release, holder: by.displayName },
  liftedBy: [by.username, ...rolesWith("project.manage")],
});
const queueBlocker = (environment: string, release: string, by: Named): Blocker => ({
  code: "QUEUE_FIRST",
  message: `${release} is first in the queue of ${environment}`,
  facts: { environment, release, requester: by.displayName },
  liftedBy: [by.username, ...rolesWith("stage.flow")],
});
