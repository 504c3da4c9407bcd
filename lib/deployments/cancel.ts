import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { mayDeploy } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { loadPlan, planStanding } from "#lib/plans/standing.ts";
import { enqueue } from "#lib/queue/enqueue.ts";
import { deploymentAction } from "./actions.ts";
import { stepRows, takeTurn } from "./begin.ts";
import { refuseIfBlocked } from "./decision.ts";
import { finishCancelled } from "./finish.ts";
import { getDeployment } from "./queries.ts";
import { auditDeployment, causeJson, moveDeployment } from "./record.ts";
import { loadRun, planOf, runTopics } from "./run.ts";
import type { DeploymentDto } from "./schema.ts";
import type { DeploymentAction } from "./state.ts";

/** The run, how its plan stands, and a refusal with every blocker when the action is not open to the actor. */
async function allow(action: DeploymentAction, actor: Actor, id: string) {
  const run = await loadRun(id);
  requirePermission(actor, "project.read", run.project.id);
  const standing = await planStanding(db, await loadPlan(db, { id: run.plan.id }), { deployerId: actor.id });
  const allowed = mayDeploy(actor.rights, run.project.id, standing.environment, standing.now);
  const { blockers } = deploymentAction(action, {
    state: run.state,
    kind: run.kind,
    mayDeploy: allowed,
    standing,
  });
  refuseIfBlocked(blockers, action === "retry" ? standing.changedSince : []);
  return { run, standing };
}

/**
 * Cancels a deployment: at once while it has touched nothing, else after the step at hand; the result then says of
 * every object whether it is new.
 * @throws AppError NOT_FOUND; FORBIDDEN | BLOCKED with every blocker; VERSION_CONFLICT
 */
export async function cancelDeployment({ actor, id }: { actor: Actor; id: string }): Promise<DeploymentDto> {
  const { run } = await allow("cancel", actor, id);
  await db.$transaction(async (tx) => {
    const { count } = await tx.deployment.updateMany({
      where: { id, version: run.version },
      data: { cancelRequestedAt: new Date(), version: { increment: 1 } },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "the deployment has moved meanwhile");
    await emit(tx, {
      topics: runTopics(run),
      type: "deployment.cancel_requested",
      data: { id, state: run.state, by: { username: actor.username, displayName: actor.displayName } },
    });
    await enqueue(tx, "deployment.reconcile", { deploymentId: id }, { key: `deployment:${id}` });
    await auditDeployment(tx, run, actor, "cancel", { state: run.state });
  });
  // Nothing has begun: no worker is needed to say so.
  if (["planned", "awaiting_approval", "scheduled", "queued"].includes(run.state)) {
    await finishCancelled(await loadRun(id)).catch((error) => {
      // The worker was faster, with the same end.
      if (!(error instanceof AppError && ["VERSION_CONFLICT", "INVALID_STATE"].includes(error.code)))
        throw error;
    });
  }
  return getDeployment(actor, id);
}

/**
 * Tries what failed again: the targets that failed and those that were not started, with the same plan.
 * @throws AppError NOT_FOUND; FORBIDDEN | PLAN_STALE | BLOCKED with every blocker; TARGET_BUSY
 */
export async function retryDeployment({ actor, id }: { actor: Actor; id: string }): Promise<DeploymentDto> {
  const { run, standing } = await allow("retry", actor, id);
  const attempt = run.attempt + 1;
  await db.$transaction(async (tx) => {
    await moveDeployment(tx, run, "queued", { cause: null, ended: false, attempt });
    for (const target of run.targets) {
      if (target.state !== "failed" && target.state !== "cancelled") continue;
      await tx.deploymentTarget.update({
        where: { id: target.id },
        data: {
          state: "queued",
          version: { increment: 1 },
          startedAt: null,
          endedAt: null,
          cause: causeJson(null),
          comparison: Prisma.DbNull,
          steps: { create: stepRows(attempt, planOf(run, target).steps) },
        },
      });
    }
    const targetIds = run.targets.map(({ targetId }) => targetId);
    await takeTurn(tx, { ...run, targetIds }, { actor, stage: standing.gate.stage, undone: standing.undone });
    await auditDeployment(tx, run, actor, "retry", { attempt, plan: run.plan.digest });
  });
  return getDeployment(actor, id);
}
