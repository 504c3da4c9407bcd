import type { z } from "zod";
import { type Actor, forbidden } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { db, type Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { readProject } from "#lib/projects/queries.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { getFreeze, mayManageFreeze } from "./queries.ts";
import type { createFreezeSchema, FreezeDto } from "./schema.ts";

/**
 * Declares a time in which deployments to an environment are refused.
 * @throws AppError FORBIDDEN; NOT_FOUND; INVALID_INPUT when it would be over already
 */
export async function createFreeze(
  input: { actor: Actor } & z.output<typeof createFreezeSchema>,
): Promise<FreezeDto> {
  const { actor, reason } = input;
  const project = input.project ? await readProject(actor, input.project) : null;
  if (!mayManageFreeze(actor, project?.id ?? null))
    throw forbidden(project ? "freeze.manage" : "platform.manage");
  const environment = await db.environment.findUnique({
    where: { key: input.environment },
    select: { id: true, key: true },
  });
  if (!environment) throw new AppError("INVALID_INPUT", `no environment ${input.environment}`);
  const [startsAt, endsAt] = [new Date(input.startsAt), new Date(input.endsAt)];
  const id = await transaction(async (tx) => {
    if (endsAt <= (await databaseTime(tx))) throw new AppError("INVALID_INPUT", "the window is over already");
    const row = await tx.freezeWindow.create({
      data: {
        projectId: project?.id ?? null,
        environmentId: environment.id,
        startsAt,
        endsAt,
        reason,
        createdById: actor.id,
      },
      select: { id: true },
    });
    const facts = { startsAt: input.startsAt, endsAt: input.endsAt, reason };
    await told(tx, actor, "create", {
      id: row.id,
      project: project?.key ?? null,
      environment: environment.key,
      ...facts,
    });
    return row.id;
  });
  return getFreeze(actor, id);
}

/** @throws AppError NOT_FOUND; FORBIDDEN; INVALID_STATE when it is over or cancelled already */
export async function cancelFreeze({ actor, id }: { actor: Actor; id: string }): Promise<FreezeDto> {
  const freeze = await getFreeze(actor, id);
  if (!mayManageFreeze(actor, freeze.projectId))
    throw forbidden(freeze.projectId ? "freeze.manage" : "platform.manage");
  await transaction(async (tx) => {
    const now = await databaseTime(tx);
    const { count } = await tx.freezeWindow.updateMany({
      where: { id, cancelledAt: null, endsAt: { gt: now } },
      data: { cancelledAt: now },
    });
    if (count === 0) throw new AppError("INVALID_STATE", "the freeze window is over or was cancelled");
    const { project, environment, startsAt, endsAt, reason } = freeze;
    await told(tx, actor, "cancel", { id, project, environment, startsAt, endsAt, reason });
  });
  return getFreeze(actor, id);
}

async function told(
  tx: Tx,
  actor: Actor,
  verb: "create" | "cancel",
  freeze: {
    id: string;
    project: string | null;
    environment: string;
    startsAt: string;
    endsAt: string;
    reason: string;
  },
): Promise<void> {
  const { id, project, ...facts } = freeze;
  // A window for all projects is told to those on whose path the environment is.
  const projects = project
    ? [project]
    : (
        await tx.projectEnvironment.findMany({
          where: { environment: { key: facts.environment } },
          select: { project: { select: { key: true } } },
        })
      ).map((row) => row.project.key);
  const topics = projects.flatMap((key) => [`project:${key}`, `environment:${key}/${facts.environment}`]);
  await emit(tx, {
    topics,
    type: verb === "create" ? "freeze.created" : "freeze.cancelled",
    data: { id, ...facts },
  });
  await recordAudit(tx, {
    actor,
    action: `freeze.${verb}`,
    subject: "freeze",
    subjectId: id,
    projectKey: project,
    data: facts,
  });
}
