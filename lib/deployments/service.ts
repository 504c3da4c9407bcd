import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { loadPlan, planStanding } from "#lib/plans/standing.ts";
import { enqueue } from "#lib/queue/enqueue.ts";
import { refuseScheduledTwice, stepRows, takeTurn } from "./begin.ts";
import { refuseIfBlocked, startBlockers } from "./decision.ts";
import { getDeployment } from "./queries.ts";
import { auditDeployment } from "./record.ts";
import { runTopics } from "./run.ts";
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
  const { environment, gate, undone, changedSince, now } = standing;
  if (confirm !== undefined && confirm !== environment.key && confirm !== environment.name) {
    throw new AppError("INVALID_INPUT", `the confirmation is not the environment's name ${environment.key}`);
  }
  if (at && at <= now) throw new AppError("INVALID_INPUT", "the scheduled time has passed");
  const planBlockers = plan.review.blockers;
  refuseIfBlocked(
    startBlockers({ rights: actor.rights, projectId: plan.projectId, standing, planBlockers }),
    changedSince,
  );
  const id = await db.$transaction(async (tx) => {
    await refuseScheduledTwice(tx, plan.id);
    const { targets } = plan.manifests;
    const created = await tx.deployment.create({
      data: {
        kind: plan.kind,
        projectId: plan.projectId,
        environmentId: plan.environmentId,
        releaseId: plan.releaseId,
        planId: plan.id,
        state: at ? "scheduled" : "queued",
        createdById: actor.id,
        scheduledAt: at ?? null,
        targets: {
          create: targets.map(({ targetId, wave, steps }) => ({
            targetId,
            wave,
            steps: { create: stepRows(1, steps) },
          })),
        },
      },
      select: { id: true },
    });
    const run = {
      id: created.id,
      project: plan.project,
      environment,
      release: plan.release,
    };
    await emit(tx, {
      topics: runTopics(run),
      type: at ? "deployment.scheduled" : "deployment.queued",
      data: {
        id: run.id,
        kind: plan.kind,
        state: at ? "scheduled" : "queued",
        release: plan.release.number,
        environment: environment.key,
        by: { username: actor.username, displayName: actor.displayName },
      },
    });
    const key = `deployment:${run.id}`;
    if (at) {
      const afterSeconds = Math.ceil((at.getTime() - now.getTime()) / 1000);
      await enqueue(tx, "deployment.reconcile", { deploymentId: run.id }, { key, afterSeconds });
    } else {
      const targetIds = targets.map(({ targetId }) => targetId);
      await takeTurn(tx, { ...run, kind: plan.kind, targetIds }, { actor, stage: gate.stage, undone });
    }
    const approvals = standing.judged.each
      .filter(({ valid }) => valid)
      .map(({ username, decision }) => ({ username, decision }));
    await auditDeployment(tx, run, actor, at ? "schedule" : "start", {
      plan: planDigest,
      kind: plan.kind,
      images: plan.inputs.images,
      approvals,
      scheduledAt: at?.toISOString() ?? null,
      ...(plan.kind === "rollback"
        ? { sources: plan.inputs.sources, undone: undone.map(({ release }) => release) }
        : {}),
    });
    return run.id;
  });
  return getDeployment(actor, id);
}
