import type { Actor } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { db } from "#lib/db.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { decidedBy, decisionEntrySchema } from "./evidence-choices.ts";
import { EVIDENCE_FORMAT, type PlanEvidence } from "./evidence-schema.ts";
import { planContent } from "./kept.ts";
import { getPlan } from "./queries.ts";

/**
 * Everything about a plan as a file for auditors: what its digest covers, what each cluster said, who decided what and
 * when. Secrets are names and versions. Who reads the plan may have it; that it was taken is on record.
 * @throws AppError NOT_FOUND, also for who may not read the project
 */
export async function exportPlan(actor: Actor, digest: string): Promise<PlanEvidence> {
  const { actions: _whatTheReaderMay, approvals, choices, targets, ...plan } = await getPlan(actor, digest);
  const row = await db.plan.findUniqueOrThrow({
    where: { digest },
    select: { id: true, projectId: true, environmentId: true, releaseId: true },
  });
  const { id, ...stage } = row;
  const { inputs, manifests } = await planContent(db, id);
  const siblings = await db.plan.findMany({ where: stage, select: { digest: true } });
  const decisions = await db.auditEntry.findMany({
    where: { action: "plan.choose", subject: "plan", subjectId: { in: siblings.map((one) => one.digest) } },
    orderBy: { seq: "desc" },
    select: { actorName: true, at: true, subjectId: true, data: true },
  });
  const exportedAt = await databaseTime(db);
  await transaction((tx) =>
    recordAudit(tx, {
      actor,
      action: "plan.export",
      subject: "plan",
      subjectId: digest,
      projectKey: plan.project,
      data: { release: plan.release, environment: plan.environment },
    }),
  );
  return {
    ...plan,
    format: EVIDENCE_FORMAT,
    exportedAt: exportedAt.toISOString(),
    exportedBy: { username: actor.username, displayName: actor.displayName },
    inputs,
    manifests,
    targets,
    choices: decidedBy(choices, decisionEntrySchema.array().parse(decisions)),
    approvals: approvals.map((approval) => ({ ...approval, digest })),
  };
}
