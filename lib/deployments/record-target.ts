import { z } from "zod";
import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { toJson } from "#lib/plans/json.ts";
import { NOW } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import {
  type CauseInput,
  type Progress,
  progressSchema,
  type StepDetail,
  stepDetailSchema,
} from "./content.ts";
import { pathTo, runningState } from "./phase.ts";
import { auditDeployment, causeValue, jsonText, movedEvent } from "./record.ts";
import { type Run, runTopics, type StepRun, type TargetRun } from "./run.ts";
import {
  ACTIVE_DEPLOYMENTS,
  DEPLOYMENT_STATES,
  ENDED_TARGETS,
  type StepState,
  TARGET_RUN_STATES,
  type TargetRunState,
} from "./state.ts";

export type TargetPatch = { state?: TargetRunState; cause?: CauseInput | null; progress?: Progress };
/** `tookMs`: of a step that was done before anything of it was recorded. */
type StepPatch = {
  step: StepRun;
  state: StepState;
  detail?: StepDetail | undefined;
  tookMs?: number | undefined;
};
export type TargetChange = {
  target: TargetRun;
  patch: TargetPatch;
  step?: StepPatch | null;
  /**
   * What follows at once, and the target's state then: a step that begins, or one that is done already. Not when
   * somebody has halted the deployment meanwhile.
   */
  atOnce?: { steps: StepPatch[]; state: TargetRunState } | null;
  /** What else is written when a step begins. */
  opening?: ((tx: Tx) => Promise<void>) | undefined;
  /** What else is written when the deployment has come so far. */
  closing?: ((tx: Tx, run: Run) => Promise<Run>) | undefined;
};

/**
 * Records what became of a target and of its steps, and brings the deployment's own state to what its targets say, in
 * one transaction: rows, events, and an audit entry for each step that ended.
 * @returns the run as it is then
 * @throws AppError VERSION_CONFLICT when another worker was faster, or when a step was to begin by itself
 * (`step.state` is `running`) and somebody has halted the deployment
 */
export const recordTarget = (run: Run, change: TargetChange): Promise<Run> =>
  transaction((tx) => recordTargetIn(tx, run, change));

/** `recordTarget` in the caller's transaction. */
export async function recordTargetIn(tx: Tx, run: Run, change: TargetChange): Promise<Run> {
  const { target, patch, step = null } = change;
  const { now, ...held } = await holdDeployment(tx, run.id);
  const halted = held.pausedAt !== null || held.cancelRequestedAt !== null;
  const begins = step?.state === "running" && step.step.state !== "running";
  if (halted && begins) throw new AppError("VERSION_CONFLICT", "the deployment was halted meanwhile");
  const atOnce = halted ? null : (change.atOnce ?? null);
  if (atOnce || begins) await change.opening?.(tx);
  const steps = [...(step ? [step] : []), ...(atOnce?.steps ?? [])];
  const after = targetAfter(target, { ...patch, ...(atOnce ? { state: atOnce.state } : {}) }, steps, now);
  await writeTarget(tx, { target, after, changed: patch, steps: steps.map((one) => stepLine(one, now)) });
  if (step) await tellStep(tx, run, target, step, { ...patch, state: patch.state ?? target.state });
  for (const one of atOnce?.steps ?? []) await tellStep(tx, run, target, one, { state: after.state });
  if (steps.length === 0) await tellTarget(tx, run, target, patch);
  const targets = run.targets.map((one) => (one.id === target.id ? after : one));
  const recorded = { ...run, ...held, targets };
  const settled = after.state === target.state ? recorded : await settleIn(tx, recorded);
  return change.closing ? change.closing(tx, settled) : settled;
}

const heldSchema = z.object({
  state: z.enum(DEPLOYMENT_STATES),
  version: z.number(),
  pausedAt: z.date().nullable(),
  cancelRequestedAt: z.date().nullable(),
  now: z.date(),
});

/**
 * The deployment's row, held until the transaction ends: nothing begins after somebody paused or cancelled, who both
 * write it, and targets beside each other settle its state one after the other.
 */
async function holdDeployment(tx: Tx, id: string) {
  const [row] = await tx.$queryRaw<unknown[]>`
    SELECT state, version, "pausedAt", "cancelRequestedAt", ${NOW} AS now
    FROM "Deployment" WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return heldSchema.parse(row);
}

function targetAfter(
  target: TargetRun,
  patch: TargetPatch,
  steps: readonly StepPatch[],
  now: Date,
): TargetRun {
  const { state = target.state, cause, progress } = patch;
  const ended = state !== target.state && ENDED_TARGETS.includes(state);
  return {
    ...target,
    version: target.version + 1,
    state,
    startedAt: target.startedAt ?? (patch.state ? now : null),
    endedAt: ended ? now : target.endedAt,
    cause: cause === undefined ? target.cause : causeValue(cause),
    progress: progress ? progressSchema.parse(JSON.parse(JSON.stringify(progress))) : target.progress,
    steps: target.steps.map((step) => stepAfter(step, steps, now)),
  };
}

const stepLine = ({ step, state, detail, tookMs }: StepPatch, now: Date) => ({
  id: step.id,
  was: step.state,
  state,
  startedAt:
    tookMs !== undefined
      ? new Date(now.getTime() - tookMs)
      : state === "running" && step.state !== "running"
        ? now
        : null,
  endedAt: state === "running" ? null : now,
  detail: detail ?? null,
});

function stepAfter(step: StepRun, patches: readonly StepPatch[], now: Date): StepRun {
  const patch = patches.find((one) => one.step.id === step.id);
  if (!patch) return step;
  const { state, detail, startedAt, endedAt } = stepLine(patch, now);
  return {
    ...step,
    state,
    startedAt: startedAt ?? step.startedAt,
    endedAt: endedAt ?? step.endedAt,
    detail: detail ? stepDetailSchema.parse(toJson(detail)) : step.detail,
  };
}

async function writeTarget(
  tx: Tx,
  input: { target: TargetRun; after: TargetRun; changed: TargetPatch; steps: ReturnType<typeof stepLine>[] },
): Promise<void> {
  const { target, after, changed, steps } = input;
  const [written] = await tx.$queryRaw<{ targets: number; steps: number }[]>`
    WITH target AS (
      UPDATE "DeploymentTarget" SET version = version + 1, state = ${after.state},
        "startedAt" = ${after.startedAt}, "endedAt" = ${after.endedAt},
        cause = CASE WHEN ${changed.cause !== undefined} THEN ${jsonText(after.cause)}::jsonb ELSE cause END,
        progress = CASE WHEN ${changed.progress !== undefined} THEN ${jsonText(after.progress)}::jsonb ELSE progress END
      WHERE id = ${target.id}::uuid AND version = ${target.version}
      RETURNING 1
    ), steps AS (
      UPDATE "DeploymentStep" step SET state = line.state,
        "startedAt" = coalesce(line."startedAt", step."startedAt"),
        "endedAt" = coalesce(line."endedAt", step."endedAt"),
        detail = coalesce(line.detail, step.detail)
      FROM jsonb_to_recordset(${JSON.stringify(steps)}::jsonb)
        AS line (id uuid, was text, state text, "startedAt" timestamptz, "endedAt" timestamptz, detail jsonb)
      WHERE step.id = line.id AND step.state = line.was
      RETURNING 1
    )
    SELECT (SELECT count(*)::int FROM target) AS targets, (SELECT count(*)::int FROM steps) AS steps`;
  if (written?.targets !== 1) throw new AppError("VERSION_CONFLICT", "the target's run has moved meanwhile");
  if (written.steps !== steps.length) throw new AppError("VERSION_CONFLICT", "the step has moved meanwhile");
}

const placeOf = (run: Run, target: TargetRun) => ({
  id: run.id,
  cluster: target.cluster,
  namespace: target.namespace,
});

const told = ({ progress, cause }: TargetPatch) => ({
  ...(progress ? { progress } : {}),
  ...(cause ? { cause: cause.code } : {}),
});

async function tellStep(
  tx: Tx,
  run: Run,
  target: TargetRun,
  { step, state, detail }: StepPatch,
  patch: TargetPatch,
): Promise<void> {
  const place = placeOf(run, target);
  const names = { release: run.release.number, environment: run.environment.key };
  await emit(tx, {
    topics: runTopics(run),
    type: "deployment.step",
    data: { ...place, ...names, state: patch.state, step: step.name, stepState: state, ...told(patch) },
  });
  if (state === "running") return;
  const cause = patch.cause ? { code: patch.cause.code, message: patch.cause.message } : undefined;
  const plan = run.plan.digest;
  await auditDeployment(tx, run, null, "step", { ...place, step: step.name, state, detail, cause, plan });
}

async function tellTarget(tx: Tx, run: Run, target: TargetRun, patch: TargetPatch): Promise<void> {
  const names = { release: run.release.number, environment: run.environment.key };
  await emit(tx, {
    topics: patch.state ? runTopics(run) : [`deployment:${run.id}`],
    type: patch.state ? "deployment.target" : "deployment.progress",
    data: { ...placeOf(run, target), ...names, state: patch.state ?? target.state, ...told(patch) },
  });
}

/** Brings the state of a deployment whose row is held to what its targets say; no phase is skipped in the record. */
async function settleIn(tx: Tx, run: Run): Promise<Run> {
  if (!ACTIVE_DEPLOYMENTS.includes(run.state) || run.state === "queued") return run;
  const path = pathTo(run.state, runningState(await statesNow(tx, run)));
  const to = path.at(-1);
  if (!to) return run;
  await tx.$executeRaw`
    UPDATE "Deployment" SET state = ${to}, version = version + ${path.length} WHERE id = ${run.id}::uuid`;
  for (const state of path) await emit(tx, movedEvent(run, state));
  return { ...run, state: to, version: run.version + path.length };
}

/** Targets beside this one may have moved since the run was read. */
async function statesNow(tx: Tx, run: Run): Promise<{ state: TargetRunState }[]> {
  if (run.targets.length === 1) return run.targets;
  const rows = await tx.deploymentTarget.findMany({
    where: { deploymentId: run.id },
    select: { state: true },
  });
  return rows.map(({ state }) => ({ state: z.enum(TARGET_RUN_STATES).parse(state) }));
}
