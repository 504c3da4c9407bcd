import type { Actor } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { db, type Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { toJson } from "#lib/plans/json.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { mayFollow } from "#lib/state-machine.ts";
import { type CauseInput, causeSchema, type Progress, type StepDetail } from "./content.ts";
import { type Run, runTopics, type StepRun, type TargetRun } from "./run.ts";
import {
  DEPLOYMENT_TRANSITIONS,
  type DeploymentState,
  ENDED_TARGETS,
  type StepState,
  type TargetRunState,
} from "./state.ts";

export const causeJson = (cause: CauseInput | null) =>
  cause === null ? Prisma.DbNull : toJson(causeSchema.parse(cause));
export type RunNames = Pick<Run, "id" | "project" | "release"> & { environment: { id: string; key: string } };

/**
 * Moves a deployment inside the caller's transaction, with its event; the audit entry is the caller's.
 * @throws AppError INVALID_STATE | VERSION_CONFLICT
 */
export async function moveDeployment(
  tx: Tx,
  run: RunNames & Pick<Run, "state" | "version" | "kind">,
  to: DeploymentState,
  input: { cause?: CauseInput | null; ended?: boolean; started?: boolean; attempt?: number } = {},
): Promise<void> {
  if (!mayFollow(DEPLOYMENT_TRANSITIONS, run.state, to)) {
    throw new AppError("INVALID_STATE", `a deployment that is ${run.state} does not become ${to}`);
  }
  const now = await databaseTime(tx);
  const { count } = await tx.deployment.updateMany({
    where: { id: run.id, version: run.version, state: run.state },
    data: {
      state: to,
      version: { increment: 1 },
      ...(input.cause !== undefined ? { cause: causeJson(input.cause) } : {}),
      ...(input.ended === undefined ? {} : { endedAt: input.ended ? now : null }),
      ...(input.started ? { startedAt: now } : {}),
      ...(input.attempt === undefined ? {} : { attempt: input.attempt, cancelRequestedAt: null }),
      // A pause is over with the run that it was asked for.
      ...(input.ended || input.attempt !== undefined ? { pausedAt: null } : {}),
    },
  });
  if (count === 0) throw new AppError("VERSION_CONFLICT", "the deployment has moved meanwhile");
  await emit(tx, {
    topics: runTopics(run),
    type: `deployment.${to}`,
    data: {
      id: run.id,
      kind: run.kind,
      state: to,
      release: run.release.number,
      environment: run.environment.key,
      ...(input.cause ? { cause: input.cause.code } : {}),
    },
  });
}

export const auditDeployment = (
  tx: Tx,
  run: RunNames,
  actor: Actor | null,
  action: string,
  data: Record<string, unknown>,
): Promise<void> =>
  recordAudit(tx, {
    actor,
    action: `deployment.${action}`,
    subject: "deployment",
    subjectId: run.id,
    projectKey: run.project.key,
    data: { release: run.release.number, environment: run.environment.key, ...data },
  });

type TargetPatch = { state?: TargetRunState; cause?: CauseInput | null; progress?: Progress };
type StepPatch = { step: StepRun; state: StepState; detail?: StepDetail };

/**
 * Records what became of a target and of one of its steps, in one transaction: rows, event, and the audit entry when
 * a step ended. @throws AppError VERSION_CONFLICT when another worker was faster
 */
export async function recordTarget(
  run: Run,
  target: TargetRun,
  patch: TargetPatch,
  stepPatch: StepPatch | null = null,
): Promise<void> {
  await db.$transaction(async (tx) => {
    if (stepPatch?.state === "running") await refuseHalted(tx, run.id);
    const now = await databaseTime(tx);
    const ended = patch.state && ENDED_TARGETS.includes(patch.state);
    const { count } = await tx.deploymentTarget.updateMany({
      where: { id: target.id, version: target.version },
      data: {
        version: { increment: 1 },
        ...(patch.state ? { state: patch.state } : {}),
        ...(patch.state && !target.startedAt ? { startedAt: now } : {}),
        ...(ended ? { endedAt: now } : {}),
        ...(patch.cause !== undefined ? { cause: causeJson(patch.cause) } : {}),
        ...(patch.progress ? { progress: JSON.parse(JSON.stringify(patch.progress)) } : {}),
      },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "the target's run has moved meanwhile");
    if (stepPatch) await recordStep(tx, stepPatch, now);
    const names = { id: run.id, cluster: target.cluster, namespace: target.namespace };
    await emit(tx, {
      topics: stepPatch || patch.state ? runTopics(run) : [`deployment:${run.id}`],
      type: stepPatch ? "deployment.step" : patch.state ? "deployment.target" : "deployment.progress",
      data: {
        ...names,
        release: run.release.number,
        environment: run.environment.key,
        state: patch.state ?? target.state,
        ...(stepPatch ? { step: stepPatch.step.name, stepState: stepPatch.state } : {}),
        ...(patch.progress ? { progress: patch.progress } : {}),
        ...(patch.cause ? { cause: patch.cause.code } : {}),
      },
    });
    if (!stepPatch || stepPatch.state === "running") return;
    const { step, state, detail } = stepPatch;
    const cause = patch.cause ? { code: patch.cause.code, message: patch.cause.message } : undefined;
    await auditDeployment(tx, run, null, "step", {
      ...names,
      step: step.name,
      state,
      detail,
      cause,
      plan: run.plan.digest,
    });
  });
}

/**
 * Nothing begins after somebody paused or cancelled: both write the row that is held here until the step has begun.
 * @throws AppError VERSION_CONFLICT
 */
async function refuseHalted(tx: Tx, id: string): Promise<void> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM "Deployment"
    WHERE id = ${id}::uuid AND "pausedAt" IS NULL AND "cancelRequestedAt" IS NULL FOR SHARE`;
  if (rows.length === 0) throw new AppError("VERSION_CONFLICT", "the deployment was halted meanwhile");
}

async function recordStep(tx: Tx, { step, state, detail }: StepPatch, now: Date): Promise<void> {
  const { count } = await tx.deploymentStep.updateMany({
    where: { id: step.id, state: step.state },
    data: {
      state,
      ...(state === step.state ? {} : state === "running" ? { startedAt: now } : { endedAt: now }),
      ...(detail ? { detail: toJson(detail) } : {}),
    },
  });
  if (count === 0) throw new AppError("VERSION_CONFLICT", "the step has moved meanwhile");
}
