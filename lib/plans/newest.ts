import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { db, type Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { comparePlans, PLAN_PARTS } from "./compare.ts";
import { type PlanInputs, planInputsSchema } from "./content.ts";

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

/**
 * The newest plan that was computed after a plan for the same stage (of a rollback: to undo the same deployment), who
 * made it, when it was last compared with the world, and in how many things of each part it differs. Null: none was.
 */
export async function newerPlan(
  tx: Tx,
  plan: {
    digest: string;
    kind: string;
    releaseId: string;
    environmentId: string;
    sourceDeploymentId: string | null;
    computedAt: Date;
    inputs: PlanInputs;
  },
) {
  const { releaseId, environmentId, kind, sourceDeploymentId, computedAt } = plan;
  const row = await tx.plan.findFirst({
    where: { releaseId, environmentId, kind, sourceDeploymentId, computedAt: { gt: computedAt } },
    orderBy: { computedAt: "desc" },
    select: {
      digest: true,
      inputs: true,
      computedAt: true,
      createdBy: { select: { username: true, displayName: true } },
    },
  });
  if (!row) return null;
  const differences = comparePlans(plan.inputs, planInputsSchema.parse(row.inputs));
  return {
    digest: row.digest,
    createdBy: row.createdBy,
    computedAt: row.computedAt.toISOString(),
    differences: PLAN_PARTS.flatMap((part) => {
      const count = differences.filter((difference) => difference.part === part).length;
      return count === 0 ? [] : [{ part, count }];
    }),
  };
}
