import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { db } from "#lib/db.ts";
import { refuseIfBlocked } from "#lib/deployments/decision.ts";
import { emit } from "#lib/events/emit.ts";
import { overBlockers, policyBlockers } from "#lib/plans/gate.ts";
import { getPlan } from "#lib/plans/queries.ts";
import type { PlanDto } from "#lib/plans/schema.ts";
import { loadPlan, planStanding } from "#lib/plans/standing.ts";
import { lockFlow } from "#lib/stages/lock.ts";
import { findStage } from "#lib/stages/move.ts";
import { transaction } from "#lib/transaction.ts";
import { decideBlockers } from "./rule.ts";

/**
 * Records a person's consent to, or refusal of, one plan digest. A second decision of the same person replaces the
 * first, which stays on record as void; the same decision again changes nothing while it stands.
 * @throws AppError NOT_FOUND; FORBIDDEN (role, own release order); PLAN_STALE; BLOCKED (also once the stage is over)
 */
export async function decidePlan(input: {
  actor: Actor;
  digest: string;
  decision: "approve" | "reject";
  comment: string;
}): Promise<PlanDto> {
  const { actor, digest, decision, comment } = input;
  const plan = await loadPlan(db, { digest });
  requirePermission(actor, "project.read", plan.projectId);
  const { now, environment, current, newer, changedSince, gate } = await planStanding(db, plan, {
    deployerId: null,
  });
  refuseIfBlocked(
    decideBlockers({
      userId: actor.id,
      mayApprove: can(actor.rights, "plan.approve", plan.projectId),
      creatorId: plan.release.createdById,
      stale: !current,
      newer,
      over: overBlockers(gate),
      planBlockers: [...policyBlockers(gate), ...plan.review.blockers],
      decision,
    }),
    changedSince,
  );
  const expiresAt = new Date(now.getTime() + environment.approvalMinutes * 60_000);
  await transaction(async (tx) => {
    // A verdict that comes at the same time is before or after this: what is over takes no more words.
    await lockFlow(tx, plan.projectId);
    const stage = await findStage(tx, plan.releaseId, plan.environmentId);
    refuseIfBlocked(overBlockers({ ...gate, stage }));
    // Clicks that come together line up here.
    await tx.$queryRaw`SELECT 1 FROM "Plan" WHERE id = ${plan.id}::uuid FOR NO KEY UPDATE`;
    const standing = { planId: plan.id, userId: actor.id, voidedAt: null };
    const said = await tx.approval.findFirst({
      where: { ...standing, decision, comment, expiresAt: { gt: now } },
      select: { id: true },
    });
    if (said) return;
    await tx.approval.updateMany({ where: standing, data: { voidedAt: now, voidReason: "REPLACED" } });
    await tx.approval.create({
      data: { planId: plan.id, userId: actor.id, decision, comment, createdAt: now, expiresAt },
    });
    const { number } = plan.release;
    await emit(tx, {
      topics: [`release:${number}`, `project:${plan.project.key}`],
      type: decision === "approve" ? "plan.approved" : "plan.rejected",
      data: {
        digest,
        release: number,
        environment: environment.key,
        by: { username: actor.username, displayName: actor.displayName },
      },
    });
    await recordAudit(tx, {
      actor,
      action: `plan.${decision}`,
      subject: "plan",
      subjectId: digest,
      projectKey: plan.project.key,
      data: { release: number, environment: environment.key, comment, expiresAt: expiresAt.toISOString() },
    });
  });
  return getPlan(actor, digest);
}
