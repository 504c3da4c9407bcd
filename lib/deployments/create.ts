import type { Actor } from "#lib/access/actor.ts";
import type { Tx } from "#lib/db.ts";
import { emit } from "#lib/events/emit.ts";
import type { LoadedPlan, PlanStanding } from "#lib/plans/standing.ts";
import { enqueue } from "#lib/queue/enqueue.ts";
import { stepRows, takeTurn } from "./begin.ts";
import { auditDeployment } from "./record.ts";
import { runTopics } from "./run.ts";

/**
 * Writes one execution of a plan that was found free to start, now or at a time: rows, event, locks, job and audit
 * entry. In the caller's transaction.
 * @param input.actor null for the portal itself, which then undoes the deployment `automaticFor`
 * @returns its id
 * @throws AppError TARGET_BUSY naming the holder; VERSION_CONFLICT
 */
export async function createDeployment(
  tx: Tx,
  input: {
    plan: LoadedPlan;
    standing: PlanStanding;
    actor: Actor | null;
    createdById: string;
    at?: Date | undefined;
    automaticFor?: string;
  },
): Promise<string> {
  const { plan, standing, actor, at, automaticFor } = input;
  const { environment, gate, undone, now } = standing;
  const { targets } = plan.manifests;
  const state = at ? "scheduled" : "queued";
  const created = await tx.deployment.create({
    data: {
      kind: plan.kind,
      projectId: plan.projectId,
      environmentId: plan.environmentId,
      releaseId: plan.releaseId,
      planId: plan.id,
      state,
      createdById: input.createdById,
      scheduledAt: at ?? null,
      automaticFor: automaticFor ?? null,
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
  const run = { id: created.id, project: plan.project, environment, release: plan.release };
  await emit(tx, {
    topics: runTopics(run),
    type: `deployment.${state}`,
    data: {
      id: run.id,
      kind: plan.kind,
      state,
      release: plan.release.number,
      environment: environment.key,
      ...(actor ? { by: { username: actor.username, displayName: actor.displayName } } : {}),
      ...(automaticFor ? { automaticFor } : {}),
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
    plan: plan.digest,
    kind: plan.kind,
    images: plan.inputs.images,
    approvals,
    scheduledAt: at?.toISOString() ?? null,
    ...(plan.kind === "rollback"
      ? {
          sources: plan.inputs.sources,
          undone: undone.map(({ release }) => release),
          findings: [...gate.findings],
        }
      : {}),
    ...(automaticFor ? { automaticFor, why: "the environment rolls back what fails" } : {}),
  });
  return run.id;
}
