import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AppError, type Blocker } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { loadPlan, planStanding } from "#lib/plans/standing.ts";
import { transaction } from "#lib/transaction.ts";
import type { CauseInput } from "./content.ts";
import { createDeployment } from "./create.ts";
import { holdBlockers } from "./decision.ts";
import { unlock } from "./finish.ts";
import { auditDeployment, causeJson } from "./record.ts";
import { planRollback } from "./rollback.ts";
import { type Run, runTopics } from "./run.ts";

/**
 * Undoes a deployment that failed where the environment asks for it: a fresh rollback plan is computed and carried out,
 * in the name of who started what failed, with nobody's rights. At most once for a deployment; what holds it back is
 * written into the failed one's cause. Its targets stay locked from the failure until then.
 * @returns null: nothing is left to do for the failed one
 * @throws AppError VERSION_CONFLICT when a person tried it again meanwhile
 */
export async function undoByPolicy(run: Run): Promise<null> {
  const done = await db.deployment.findUnique({ where: { automaticFor: run.id }, select: { id: true } });
  if (done) return refuse(run, [tried(done.id)]);
  try {
    const { digest } = await planRollback(run, {
      actor: portalFor(run.createdById),
      to: null,
      automatic: true,
    });
    const plan = await loadPlan(db, { digest });
    const standing = await planStanding(db, plan, { deployerId: run.createdById });
    const blockers = holdBlockers({ standing, planBlockers: plan.review.blockers });
    if (blockers.length > 0) return refuse(run, blockers);
    await transaction(async (tx) => {
      const [held] = await tx.$queryRaw<{ version: number; state: string }[]>`
        SELECT version, state FROM "Deployment" WHERE id = ${run.id}::uuid FOR UPDATE`;
      if (held?.version !== run.version || held.state !== "failed")
        throw new AppError("VERSION_CONFLICT", "the deployment has moved meanwhile");
      await tx.deployment.update({ where: { id: run.id }, data: { cause: causeWith(run, "started", []) } });
      // Handed over: nobody comes between.
      await unlock(tx, run);
      const { createdById } = run;
      await createDeployment(tx, { plan, standing, actor: null, createdById, automaticFor: run.id });
    });
    return null;
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "VERSION_CONFLICT") throw error;
    const { code, message } = error;
    const told = { code, message, facts: {}, liftedBy: [] };
    return refuse(run, error.blockers.length > 0 ? error.blockers : [told]);
  }
}

const tried = (deployment: string): Blocker => ({
  code: "ROLLBACK_TRIED",
  message: "it was rolled back by the environment's policy once already",
  facts: { deployment },
  liftedBy: [],
});

const causeWith = (run: Run, state: "started" | "refused", blockers: readonly Blocker[]) => {
  const cause: CauseInput = run.cause ?? { code: "UNKNOWN", message: "the deployment failed" };
  return causeJson({ ...cause, rollback: { state, blockers: [...blockers] } });
};

async function refuse(run: Run, blockers: readonly Blocker[]): Promise<null> {
  await transaction(async (tx) => {
    const { count } = await tx.deployment.updateMany({
      where: { id: run.id, version: run.version, state: "failed" },
      data: { cause: causeWith(run, "refused", blockers), version: { increment: 1 } },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "the deployment has moved meanwhile");
    await unlock(tx, run);
    await emit(tx, {
      topics: runTopics(run),
      type: "deployment.rollback_refused",
      data: {
        id: run.id,
        release: run.release.number,
        environment: run.environment.key,
        blockers: blockers.map(({ code }) => code),
      },
    });
    await auditDeployment(tx, run, null, "rollback_refuse", { plan: run.plan.digest, blockers });
  });
  return null;
}

/**
 * The portal where it acts in somebody's name: a plan row names a person, and the one who started what failed may have
 * lost every right since. It is used for reading and computing alone.
 */
const portalFor = (userId: string): Actor => ({
  id: userId,
  username: "system",
  displayName: "system",
  requestId: null,
  rights: { userId, globalRoles: ["auditor"], projectRoles: {}, grants: [] },
});

/**
 * What was rolled back does not come back by itself: a scheduled deployment is not started when another one of its
 * release order was undone here, or was to be, since. (One that succeeded and was rolled back has left its stage
 * `rolled_back`, which nothing is deployed in.) A person may schedule it again.
 */
export async function undoneSince(run: Run): Promise<Blocker[]> {
  const undone = await db.deployment.findFirst({
    where: {
      id: { not: run.id },
      projectId: run.project.id,
      environmentId: run.environment.id,
      releaseId: run.release.id,
      kind: "deploy",
      endedAt: { gt: run.createdAt },
      OR: [
        { state: { in: ["rolling_back", "rolled_back"] } },
        { state: "failed", cause: { path: ["rollback", "state"], string_starts_with: "" } },
      ],
    },
    select: { id: true },
  });
  if (!undone || run.kind === "rollback") return [];
  const facts = { release: run.release.number, environment: run.environment.key, deployment: undone.id };
  const message = `${facts.release} was rolled back in ${facts.environment} after this was scheduled`;
  return [{ code: "ROLLED_BACK_SINCE", message, facts, liftedBy: [] }];
}
