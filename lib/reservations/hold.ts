import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { databaseTime } from "#lib/stages/time.ts";

export type Person = { id: string; username: string; displayName: string };
export type Holder = {
  reservationId: string;
  releaseId: string;
  releaseNumber: string;
  heldBy: Person;
  since: Date;
  /** Null: until it is freed. */
  until: Date | null;
};

const person = { select: { id: true, username: true, displayName: true } };

/** Who holds an environment of a project; null when it is free, also when the holder's time has run out. */
export async function holderOf(tx: Tx, projectId: string, environmentId: string): Promise<Holder | null> {
  const row = await tx.reservation.findFirst({
    where: { projectId, environmentId, releasedAt: null },
    select: {
      id: true,
      releaseId: true,
      createdAt: true,
      until: true,
      release: { select: { number: true } },
      heldBy: person,
    },
  });
  if (!row || (row.until && row.until <= (await databaseTime(tx)))) return null;
  return {
    reservationId: row.id,
    releaseId: row.releaseId,
    releaseNumber: row.release.number,
    heldBy: row.heldBy,
    since: row.createdAt,
    until: row.until,
  };
}

/** Open entries of an environment's queue, first come first. */
export async function queueOf(tx: Tx, projectId: string, environmentId: string) {
  return tx.queueEntry.findMany({
    where: { projectId, environmentId, endedAt: null },
    orderBy: { id: "asc" },
    select: {
      id: true,
      releaseId: true,
      createdAt: true,
      notifiedAt: true,
      release: { select: { number: true, title: true } },
      requestedBy: person,
    },
  });
}

/**
 * Holds an environment for a release; a release that holds it already keeps it with the new `until`.
 * @throws AppError CONFLICT naming the holder when another release has it, or took it in this moment
 */
export async function hold(
  tx: Tx,
  input: {
    projectId: string;
    environmentId: string;
    releaseId: string;
    heldById: string;
    until: Date | null;
  },
): Promise<void> {
  const { projectId, environmentId, releaseId, until } = input;
  const now = await databaseTime(tx);
  // A lapsed reservation is closed by whoever takes over: the index allows one open row.
  await tx.reservation.updateMany({
    where: { projectId, environmentId, releasedAt: null, until: { lte: now } },
    data: { releasedAt: now },
  });
  // The loser of a race inserts nothing, instead of an error that would end the transaction.
  const { count } = await tx.reservation.createMany({
    data: [{ projectId, environmentId, releaseId, heldById: input.heldById, createdAt: now, until }],
    skipDuplicates: true,
  });
  if (count === 0) {
    await tx.reservation.updateMany({
      where: { projectId, environmentId, releaseId, releasedAt: null },
      data: { until },
    });
  }
  const holder = await holderOf(tx, projectId, environmentId);
  if (holder?.releaseId !== releaseId) {
    throw new AppError("CONFLICT", "another release holds the environment", {
      facts: holder ? { release: holder.releaseNumber, holder: holder.heldBy.displayName } : {},
    });
  }
  await tx.queueEntry.updateMany({
    where: { projectId, environmentId, releaseId, endedAt: null },
    data: { endedAt: now },
  });
  const { topic, names } = await placeOf(tx, projectId, environmentId);
  await emit(tx, {
    topics: [topic, `project:${names.project}`, `release:${holder.releaseNumber}`],
    type: "environment.held",
    data: {
      ...names,
      release: holder.releaseNumber,
      by: { username: holder.heldBy.username, displayName: holder.heldBy.displayName },
      until: until?.toISOString() ?? null,
    },
  });
}

/**
 * Frees an environment and tells the next in its queue that the turn has come.
 * @param input.releaseId only when this release holds it; left out: whoever does
 * @returns whether there was anything to free
 */
export async function free(
  tx: Tx,
  input: { projectId: string; environmentId: string; releaseId?: string },
): Promise<boolean> {
  const { projectId, environmentId, releaseId } = input;
  const { count } = await tx.reservation.updateMany({
    where: { projectId, environmentId, releasedAt: null, ...(releaseId ? { releaseId } : {}) },
    data: { releasedAt: await databaseTime(tx) },
  });
  if (count === 0) return false;
  const { topic, names } = await placeOf(tx, projectId, environmentId);
  await emit(tx, { topics: [topic, `project:${names.project}`], type: "environment.freed", data: names });
  await tellNext(tx, projectId, environmentId);
  return true;
}

/** Takes a release that can no longer enter out of every queue; whoever is first after it is told. */
export async function leaveQueues(tx: Tx, releaseId: string): Promise<void> {
  const entries = await tx.queueEntry.findMany({
    where: { releaseId, endedAt: null },
    select: { id: true, projectId: true, environmentId: true },
    orderBy: { environmentId: "asc" },
  });
  for (const { id, projectId, environmentId } of entries) {
    await tx.queueEntry.update({ where: { id }, data: { endedAt: await databaseTime(tx) } });
    await tellNext(tx, projectId, environmentId);
  }
}

/** Tells the first in the queue of a free environment, once. Does nothing while the environment is held. */
export async function tellNext(tx: Tx, projectId: string, environmentId: string): Promise<void> {
  if (await holderOf(tx, projectId, environmentId)) return;
  const [next] = await queueOf(tx, projectId, environmentId);
  if (!next || next.notifiedAt) return;
  await tx.queueEntry.update({ where: { id: next.id }, data: { notifiedAt: await databaseTime(tx) } });
  const { topic, names } = await placeOf(tx, projectId, environmentId);
  const { username, displayName } = next.requestedBy;
  await emit(tx, {
    topics: [`user:${username}`, topic, `project:${names.project}`, `release:${next.release.number}`],
    type: "queue.called",
    data: { ...names, release: next.release.number, requester: { username, displayName } },
  });
}

/** The environment's topic and the names that events about it carry. */
export async function placeOf(tx: Tx, projectId: string, environmentId: string) {
  const [project, environment] = [
    await tx.project.findUniqueOrThrow({ where: { id: projectId }, select: { key: true } }),
    await tx.environment.findUniqueOrThrow({ where: { id: environmentId }, select: { key: true } }),
  ];
  const names = { project: project.key, environment: environment.key };
  return { topic: `environment:${project.key}/${environment.key}`, names };
}
