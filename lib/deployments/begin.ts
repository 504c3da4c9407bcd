import { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import type { StepSpec } from "#lib/plans/content.ts";
import type { GateFacts } from "#lib/plans/gate.ts";
import { enqueue } from "#lib/queue/enqueue.ts";
import { moveStage } from "#lib/stages/move.ts";
import { moveDeployment, type RunNames } from "./record.ts";
import { DEPLOYMENT_STATES, STEP_NAMES } from "./state.ts";
import type { UndoneDeployment } from "./undone.ts";

const stepName = z.enum(STEP_NAMES);
/** The waiting steps of one attempt on one target, as the plan says. @throws ZodError for a step that nobody can do */
export const stepRows = (attempt: number, steps: readonly StepSpec[]) =>
  steps.map(({ name, input }, position) => ({
    name: stepName.parse(name),
    position,
    attempt,
    ...(input ? { input } : {}),
  }));

/**
 * Takes the targets of a deployment: one lock row each, all or none.
 * @throws AppError TARGET_BUSY naming who holds which target
 */
export async function lockTargets(tx: Tx, deploymentId: string, targetIds: readonly string[]): Promise<void> {
  // Sorted, so that two deployments never wait for each other crosswise.
  const data = [...targetIds].sort().map((targetId) => ({ targetId, deploymentId }));
  const { count } = await tx.targetLock.createMany({ data, skipDuplicates: true });
  if (count === data.length) return;
  const held = await tx.targetLock.findMany({
    where: { targetId: { in: [...targetIds] }, deploymentId: { not: deploymentId } },
    select: {
      target: { select: { namespace: true, cluster: { select: { key: true } } } },
      deployment: {
        select: {
          id: true,
          release: { select: { number: true } },
          createdBy: { select: { displayName: true, username: true } },
        },
      },
    },
  });
  const blockers = held.map(({ target, deployment }) => {
    const facts = {
      cluster: target.cluster.key,
      namespace: target.namespace,
      deployment: deployment.id,
      release: deployment.release.number,
      person: deployment.createdBy.displayName,
    };
    const message = `${facts.cluster}/${facts.namespace} is taken by the deployment of ${facts.release} that ${facts.person} started`;
    return { code: "TARGET_BUSY", message, facts, liftedBy: [deployment.createdBy.username, "system"] };
  });
  throw new AppError(
    "TARGET_BUSY",
    blockers.map(({ message }) => message).join("; ") || "a target was taken meanwhile",
    {
      blockers,
    },
  );
}

/**
 * Refuses a second deployment of a plan that waits for its time already: it would run after the first. Requests for one
 * plan line up here.
 * @throws AppError BLOCKED (ALREADY_SCHEDULED)
 */
export async function refuseScheduledTwice(tx: Tx, planId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "Plan" WHERE id = ${planId}::uuid FOR NO KEY UPDATE`;
  const waiting = await tx.deployment.findFirst({
    where: { planId, state: "scheduled" },
    select: { id: true, scheduledAt: true, createdBy: { select: { username: true, displayName: true } } },
  });
  if (!waiting) return;
  const facts = {
    deployment: waiting.id,
    at: waiting.scheduledAt?.toISOString() ?? "",
    person: waiting.createdBy.displayName,
  };
  const message = `${facts.person} has scheduled this plan for ${facts.at}`;
  const liftedBy = [waiting.createdBy.username, "system"];
  throw new AppError("BLOCKED", message, {
    blockers: [{ code: "ALREADY_SCHEDULED", message, facts, liftedBy }],
  });
}

/**
 * What happens when a deployment gets its turn: locks, the stage (or what is rolled back) moves, the job is queued.
 * In the caller's transaction, which has put the deployment to `queued`.
 */
export async function takeTurn(
  tx: Tx,
  run: RunNames & { kind: "deploy" | "rollback"; targetIds: readonly string[] },
  input: { actor: Actor | null; stage: GateFacts["stage"]; undone: readonly UndoneDeployment[] },
): Promise<void> {
  await lockTargets(tx, run.id, run.targetIds);
  if (run.kind === "deploy" && input.stage) {
    const { id: stageId, version, state } = input.stage;
    await moveStage(tx, {
      stageId,
      version,
      from: state,
      to: "deploying",
      actor: input.actor,
      data: { deployment: run.id },
    });
  }
  for (const { id, state, version, release } of input.undone) {
    if (run.kind !== "rollback" || state !== "failed") continue;
    const failed = { ...run, id, release: { id: "", number: release }, kind: "deploy" as const };
    await moveDeployment(
      tx,
      { ...failed, state: z.enum(DEPLOYMENT_STATES).parse(state), version },
      "rolling_back",
    );
  }
  await enqueue(tx, "deployment.reconcile", { deploymentId: run.id }, { key: `deployment:${run.id}` });
}
