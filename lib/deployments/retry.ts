import type { Actor } from "#lib/access/actor.ts";
import type { Tx } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import type { PlanStanding } from "#lib/plans/standing.ts";
import { transaction } from "#lib/transaction.ts";
import { allow } from "./allow.ts";
import { stepRows, takeTurn } from "./begin.ts";
import { unlock } from "./finish.ts";
import { getDeployment } from "./queries.ts";
import { auditDeployment, causeJson, moveDeployment } from "./record.ts";
import { planOf, type Run } from "./run.ts";
import type { DeploymentDto } from "./schema.ts";
import type { TargetRunState } from "./state.ts";

/**
 * Tries what failed again: the targets that failed and those that were not started, with the same plan. What succeeded
 * or was skipped stays as it is.
 * @throws AppError NOT_FOUND; FORBIDDEN | PLAN_STALE | BLOCKED with every blocker; TARGET_BUSY
 */
export async function retryDeployment({ actor, id }: { actor: Actor; id: string }): Promise<DeploymentDto> {
  const { run, standing } = await allow("retry", actor, id);
  await transaction(async (tx) => {
    const attempt = await queueAgain(tx, run, { actor, standing, again: ["failed", "cancelled"] });
    await auditDeployment(tx, run, actor, "retry", { attempt, plan: run.plan.digest });
  });
  return getDeployment(actor, id);
}

/**
 * Queues a deployment that failed once more, with new steps for the targets in one of the states `again`; takes its
 * locks. In the caller's transaction, which writes the audit entry. @returns the number of the attempt
 */
export async function queueAgain(
  tx: Tx,
  run: Run,
  input: { actor: Actor; standing: PlanStanding; again: readonly TargetRunState[] },
): Promise<number> {
  const { actor, standing, again } = input;
  const attempt = run.attempt + 1;
  await moveDeployment(tx, run, "queued", { cause: null, ended: false, attempt });
  for (const target of run.targets) {
    if (!again.includes(target.state)) continue;
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
  // It may still hold them for a rollback that has not begun.
  await unlock(tx, run);
  const targetIds = run.targets.map(({ targetId }) => targetId);
  await takeTurn(tx, { ...run, targetIds }, { actor, stage: standing.gate.stage, undone: standing.undone });
  return attempt;
}
