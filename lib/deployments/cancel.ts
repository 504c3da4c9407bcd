import type { Actor } from "#lib/access/actor.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { enqueue } from "#lib/queue/enqueue.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { allow } from "./allow.ts";
import { finishCancelled } from "./finish.ts";
import { getDeployment } from "./queries.ts";
import { auditDeployment } from "./record.ts";
import { loadRun, runTopics } from "./run.ts";
import type { DeploymentDto } from "./schema.ts";
import { DEPLOYMENT_ACTIONS, type DeploymentState } from "./state.ts";

/** Nothing has begun: no worker is needed to say so. */
const UNTOUCHED: readonly DeploymentState[] = ["planned", "awaiting_approval", "scheduled", "queued"];

/**
 * Cancels a deployment: at once while it has touched nothing, else after the step at hand; the result then says of
 * every object whether it is new. Asked again it changes nothing.
 * @throws AppError NOT_FOUND; FORBIDDEN | BLOCKED with every blocker; VERSION_CONFLICT when it ended meanwhile
 */
export async function cancelDeployment({ actor, id }: { actor: Actor; id: string }): Promise<DeploymentDto> {
  const { run } = await allow("cancel", actor, id);
  if (run.cancelRequestedAt) return getDeployment(actor, id);
  await transaction(async (tx) => {
    const now = await databaseTime(tx);
    const { count } = await tx.deployment.updateMany({
      where: { id, state: { in: [...DEPLOYMENT_ACTIONS.cancel.from] }, cancelRequestedAt: null },
      data: { cancelRequestedAt: now, version: { increment: 1 } },
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
  const now = await loadRun(id);
  if (UNTOUCHED.includes(now.state)) {
    await finishCancelled(now).catch((error) => {
      // The worker was faster, with the same end.
      if (!(error instanceof AppError && ["VERSION_CONFLICT", "INVALID_STATE"].includes(error.code)))
        throw error;
    });
  }
  return getDeployment(actor, id);
}
