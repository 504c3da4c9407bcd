import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { loadPlan, planStanding } from "#lib/plans/standing.ts";
import { transaction } from "#lib/transaction.ts";
import { refuseScheduledTwice } from "./begin.ts";
import { createDeployment } from "./create.ts";
import { refuseIfBlocked, startBlockers } from "./decision.ts";
import { getDeployment } from "./queries.ts";
import type { DeploymentDto, startDeploymentSchema } from "./schema.ts";

/**
 * Accepts one execution of a plan, now or at a time. What was approved is computed again from the database and must
 * still be the same.
 * @throws AppError NOT_FOUND; FORBIDDEN | PLAN_STALE | BLOCKED with every blocker at once; TARGET_BUSY naming the
 * holder; INVALID_INPUT for a wrong confirmation or a time that has passed
 */
export async function startDeployment(
  input: { actor: Actor } & z.output<typeof startDeploymentSchema>,
): Promise<DeploymentDto> {
  const { actor, planDigest, confirm } = input;
  const plan = await loadPlan(db, { digest: planDigest });
  requirePermission(actor, "project.read", plan.projectId);
  const at = input.scheduledAt ? new Date(input.scheduledAt) : undefined;
  const standing = await planStanding(db, plan, { deployerId: actor.id, at });
  const { environment, changedSince, now } = standing;
  if (confirm !== undefined && confirm !== environment.key && confirm !== environment.name) {
    throw new AppError("INVALID_INPUT", `the confirmation is not the environment's name ${environment.key}`);
  }
  if (at && at <= now) throw new AppError("INVALID_INPUT", "the scheduled time has passed");
  const planBlockers = plan.review.blockers;
  refuseIfBlocked(
    startBlockers({ rights: actor.rights, projectId: plan.projectId, standing, planBlockers }),
    changedSince,
  );
  const id = await transaction(async (tx) => {
    await refuseScheduledTwice(tx, plan.id);
    return createDeployment(tx, { plan, standing, actor, createdById: actor.id, at });
  });
  // Nothing but its own stage has moved since; what is scheduled has moved nothing.
  const { stage } = standing.gate;
  const moved =
    stage && plan.kind === "deploy" && !at
      ? { ...stage, state: "deploying" as const, version: stage.version + 1 }
      : stage;
  return getDeployment(actor, id, {
    plan,
    standing: { ...standing, gate: { ...standing.gate, stage: moved } },
  });
}
