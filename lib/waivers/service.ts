import type { z } from "zod";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import type { Tx } from "#lib/db.ts";
import { refuseIfBlocked } from "#lib/deployments/decision.ts";
import { AppError } from "#lib/errors.ts";
import { readProject } from "#lib/projects/queries.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { readWaiver } from "./queries.ts";
import { noteWaiver } from "./record.ts";
import { askBlockers, decideWaiverBlockers, revokeBlockers } from "./rule.ts";
import { type askWaiverSchema, type decideWaiverSchema, MAX_WAIVER_DAYS, type WaiverDto } from "./schema.ts";

const DAY_MS = 86_400_000;

/**
 * Asks for something that an environment's image policy refuses to be let through for a time.
 * @throws AppError FORBIDDEN; NOT_FOUND (project); INVALID_INPUT for an end that has passed or is too far away, and for
 * an environment, component, release order or owner that is not of the project; CONFLICT when the same is asked already
 */
export async function askWaiver(
  input: { actor: Actor } & z.output<typeof askWaiverSchema>,
): Promise<WaiverDto> {
  const { actor, subject, reason } = input;
  const project = await readProject(actor, input.project);
  refuseIfBlocked(askBlockers(actor.rights, project.id));
  const expiresAt = new Date(input.expiresAt);
  return transaction(async (tx) => {
    const now = await databaseTime(tx);
    if (expiresAt <= now) throw new AppError("INVALID_INPUT", "the waiver would be over already");
    if (expiresAt.getTime() > now.getTime() + MAX_WAIVER_DAYS * DAY_MS)
      throw new AppError("INVALID_INPUT", `a waiver lasts ${MAX_WAIVER_DAYS} days at most`);
    const place = await placeOf(tx, project.id, input);
    const ownerId = await ownerOf(tx, project.id, input.owner ?? actor.username);
    // Two who ask for the same at once line up here.
    await tx.$queryRaw`SELECT 1 FROM "Project" WHERE id = ${project.id}::uuid FOR NO KEY UPDATE`;
    const { environmentId, componentId, releaseId } = place;
    const same = await tx.waiver.findFirst({
      where: {
        projectId: project.id,
        environmentId,
        componentId,
        subject,
        state: "asked",
        expiresAt: { gt: now },
      },
      select: { id: true },
    });
    if (same) throw new AppError("CONFLICT", `${subject} is asked for already`);
    const { id } = await tx.waiver.create({
      data: {
        projectId: project.id,
        environmentId,
        componentId,
        releaseId,
        subject,
        reason,
        ownerId,
        expiresAt,
        askedById: actor.id,
      },
      select: { id: true },
    });
    const { dto } = await readWaiver(tx, actor, id);
    await noteWaiver(tx, actor, "ask", dto);
    return dto;
  });
}

async function placeOf(tx: Tx, projectId: string, input: z.output<typeof askWaiverSchema>) {
  const [way, component, release] = await Promise.all([
    tx.projectEnvironment.findFirst({
      where: { projectId, environment: { key: input.environment } },
      select: { environmentId: true },
    }),
    input.component
      ? tx.component.findFirst({ where: { projectId, key: input.component }, select: { id: true } })
      : null,
    input.release
      ? tx.release.findFirst({ where: { projectId, number: input.release }, select: { id: true } })
      : null,
  ]);
  if (!way) throw new AppError("INVALID_INPUT", `${input.environment} is not on the project's path`);
  if (input.component && !component) throw new AppError("INVALID_INPUT", `no component ${input.component}`);
  if (input.release && !release) throw new AppError("INVALID_INPUT", `no release order ${input.release}`);
  return {
    environmentId: way.environmentId,
    componentId: component?.id ?? null,
    releaseId: release?.id ?? null,
  };
}

async function ownerOf(tx: Tx, projectId: string, username: string): Promise<string> {
  const user = await tx.user.findUnique({ where: { username }, select: { id: true } });
  const owner = user && (await loadActor(user.id, null, tx));
  if (!owner || !can(owner.rights, "project.read", projectId))
    throw new AppError("INVALID_INPUT", `${username} is not of this project`);
  return owner.id;
}

/**
 * Grants or declines a waiver.
 * @throws AppError NOT_FOUND; FORBIDDEN | BLOCKED with every blocker (role, one's own, decided or over already);
 * VERSION_CONFLICT
 */
export async function decideWaiver(
  input: { actor: Actor; id: string } & z.output<typeof decideWaiverSchema>,
): Promise<WaiverDto> {
  const { actor, id, decision, comment, version } = input;
  return transaction(async (tx) => {
    const { facts, now } = await readWaiver(tx, actor, id);
    refuseIfBlocked(decideWaiverBlockers(actor, facts));
    const { count } = await tx.waiver.updateMany({
      where: { id, version, state: "asked" },
      data: {
        state: decision === "grant" ? "granted" : "declined",
        decidedById: actor.id,
        decidedAt: now,
        comment,
        version: version + 1,
      },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "the waiver was changed meanwhile");
    const { dto } = await readWaiver(tx, actor, id);
    await noteWaiver(tx, actor, decision, dto);
    return dto;
  });
}

/**
 * Takes a waiver back, asked or granted: what it let through is refused again, at the turn of what waits as well.
 * @throws AppError NOT_FOUND; FORBIDDEN | BLOCKED with every blocker; VERSION_CONFLICT
 */
export async function revokeWaiver({ actor, id }: { actor: Actor; id: string }): Promise<WaiverDto> {
  return transaction(async (tx) => {
    const { row, facts } = await readWaiver(tx, actor, id);
    refuseIfBlocked(revokeBlockers(actor, facts));
    const { count } = await tx.waiver.updateMany({
      where: { id, version: row.version, state: row.state },
      data: { state: "revoked", version: row.version + 1 },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "the waiver was changed meanwhile");
    const { dto } = await readWaiver(tx, actor, id);
    await noteWaiver(tx, actor, "revoke", dto);
    return dto;
  });
}
