import type { Actor } from "#lib/access/actor.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { transaction } from "#lib/transaction.ts";
import { allow } from "./allow.ts";
import { getDeployment } from "./queries.ts";
import { auditDeployment } from "./record.ts";
import { queueAgain } from "./retry.ts";
import { runTopics } from "./run.ts";
import type { DeploymentDto } from "./schema.ts";
import { goesOnWithout, mayBeSkipped } from "./skippable.ts";

/**
 * Leaves a target that failed as it is, with a reason, and goes on with what is left: under the checks of a retry, and
 * while no more of the others failed than the environment bears.
 * @throws AppError NOT_FOUND; FORBIDDEN | PLAN_STALE | BLOCKED with every blocker; TARGET_BUSY; VERSION_CONFLICT
 */
export async function skipTarget(input: {
  actor: Actor;
  id: string;
  target: string;
  reason: string;
}): Promise<DeploymentDto> {
  const { actor, id, reason } = input;
  const { run, standing } = await allow("skip", actor, id);
  const target = run.targets.find((one) => one.id === input.target);
  if (!target) throw new AppError("NOT_FOUND", "this deployment has no such target");
  if (!mayBeSkipped(run.targets, target.id)) {
    const message = "this target did not fail, or nothing is left without it";
    const blockers = [{ code: "NOTHING_TO_SKIP", message, facts: {}, liftedBy: [] }];
    throw new AppError("BLOCKED", message, { blockers });
  }
  const goesOn = goesOnWithout(run.targets, target.id, run.environment.maxFailedTargets);
  const place = { cluster: target.cluster, namespace: target.namespace };
  await transaction(async (tx) => {
    if (goesOn) await queueAgain(tx, run, { actor, standing, again: ["cancelled"] });
    else {
      const { count } = await tx.deployment.updateMany({
        where: { id, version: run.version },
        data: { version: { increment: 1 } },
      });
      if (count === 0) throw new AppError("VERSION_CONFLICT", "the deployment has moved meanwhile");
    }
    const { count } = await tx.deploymentTarget.updateMany({
      where: { id: target.id, version: target.version },
      data: { state: "skipped", skipReason: reason, version: { increment: 1 } },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "the target's run has moved meanwhile");
    await emit(tx, {
      topics: runTopics(run),
      type: "deployment.target_skipped",
      data: {
        id,
        release: run.release.number,
        environment: run.environment.key,
        ...place,
        by: { username: actor.username, displayName: actor.displayName },
      },
    });
    await auditDeployment(tx, run, actor, "skip", { ...place, reason, cause: target.cause, goesOn });
  });
  return getDeployment(actor, id);
}
