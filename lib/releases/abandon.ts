import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { emit } from "#lib/events/emit.ts";
import { free, leaveQueues } from "#lib/reservations/hold.ts";
import { lockFlow } from "#lib/stages/lock.ts";
import { moveStage } from "#lib/stages/move.ts";
import { STAGE_STATES, STAGE_TRANSITIONS } from "#lib/stages/state.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { mayFollow } from "#lib/state-machine.ts";
import { transaction } from "#lib/transaction.ts";
import { abandonBlockers, OPEN_DEPLOYMENTS } from "./actions.ts";
import { getRelease, readRelease } from "./queries.ts";
import { refuseIf, wrongState } from "./refusal.ts";
import type { ReleaseDto } from "./schema.ts";
import { lockRelease } from "./settle.ts";
import { RELEASE_ACTIONS } from "./state.ts";

/**
 * Gives a release order up: its stages that are under way become `superseded`, its environments are free for the next,
 * it leaves every queue. What passed stays as it is.
 * @throws AppError FORBIDDEN | INVALID_STATE | BLOCKED (DEPLOYMENT_OPEN per deployment that may still act)
 */
export async function abandonRelease(input: { actor: Actor; number: string }): Promise<ReleaseDto> {
  const { actor, number } = input;
  const { id, project } = await readRelease(actor, number);
  const { permission, from } = RELEASE_ACTIONS.abandon;
  requirePermission(actor, permission, project.id);
  await transaction(async (tx) => {
    await lockFlow(tx, project.id);
    const { state } = await lockRelease(tx, id);
    const open = await tx.deployment.findMany({
      where: { releaseId: id, state: { in: [...OPEN_DEPLOYMENTS] } },
      select: { state: true, environment: { select: { key: true } } },
    });
    refuseIf([
      ...(from.some((allowed) => allowed === state) ? [] : [wrongState("release", state, from)]),
      ...abandonBlockers(
        open.map((deployment) => ({ ...deployment, environment: deployment.environment.key })),
      ),
    ]);
    await tx.release.update({
      where: { id },
      data: { state: "abandoned", version: { increment: 1 }, endedAt: await databaseTime(tx) },
    });
    const stages = await tx.stage.findMany({
      where: { releaseId: id, state: { in: ["entered", "failed", "testing"] } },
      select: { id: true, state: true, version: true },
      orderBy: { environmentId: "asc" },
    });
    for (const stage of stages) {
      const state = STAGE_STATES.find((known) => known === stage.state);
      if (!state || !mayFollow(STAGE_TRANSITIONS, state, "superseded")) continue;
      await moveStage(tx, {
        stageId: stage.id,
        version: stage.version,
        from: state,
        to: "superseded",
        actor,
        data: { reason: "abandoned" },
      });
    }
    const held = await tx.reservation.findMany({
      where: { releaseId: id, releasedAt: null },
      select: { environmentId: true },
      orderBy: { environmentId: "asc" },
    });
    await leaveQueues(tx, id);
    for (const { environmentId } of held)
      await free(tx, { projectId: project.id, environmentId, releaseId: id });
    await emit(tx, {
      topics: [`release:${number}`, `project:${project.key}`],
      type: "release.abandoned",
      data: { number, state: "abandoned", by: { username: actor.username, displayName: actor.displayName } },
    });
    await recordAudit(tx, {
      actor,
      action: "release.abandon",
      subject: "release",
      subjectId: number,
      projectKey: project.key,
      data: { before: state, after: "abandoned" },
    });
  });
  return getRelease(actor, number);
}
