import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";

/**
 * The stage that a plan page is about, and the digest of its newest plan (null while nobody computed one).
 * @throws AppError NOT_FOUND, also for an environment that is not on the way of the release order
 */
export async function newestPlan(actor: Actor, number: string, environment: string) {
  const stage = await db.stage.findFirst({
    where: { release: { number }, environment: { key: environment } },
    select: {
      releaseId: true,
      environmentId: true,
      release: { select: { number: true, title: true, projectId: true, project: { select: { key: true } } } },
    },
  });
  if (!stage) throw new AppError("NOT_FOUND", `${number} does not go to ${environment}`);
  requirePermission(actor, "project.read", stage.release.projectId);
  const plan = await db.plan.findFirst({
    where: { releaseId: stage.releaseId, environmentId: stage.environmentId, kind: "deploy" },
    orderBy: { computedAt: "desc" },
    select: { digest: true },
  });
  return {
    title: stage.release.title,
    project: stage.release.project.key,
    digest: plan?.digest ?? null,
  };
}
