import { isDeepStrictEqual } from "node:util";
import { connectCluster } from "#lib/connections/connect.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import type { CauseInput, Progress } from "./content.ts";
import { recordTarget } from "./record.ts";
import { loadRun, planOf, type Run, type StepRun, type TargetRun } from "./run.ts";
import { ENDED_TARGETS } from "./state.ts";
import type { Outcome } from "./steps/outcome.ts";
import { PERFORM, STATE_OF } from "./steps/table.ts";

const UNKNOWN_AFTER_MS = 60_000;
const RETRY_SECONDS = 3;

/**
 * Takes a target run as far as it goes without waiting; one step is recorded before the next begins.
 * @param settle called after each recorded change, to bring the deployment's own state up to date
 * @returns seconds until it wants to be looked at again; null when the target's run has ended or is asked to stop
 */
export async function advanceTarget(
  runId: string,
  targetId: string,
  signal: AbortSignal,
  settle: () => Promise<void>,
): Promise<number | null> {
  let begun: { id: string; at: number } | null = null;
  for (;;) {
    signal.throwIfAborted();
    const run = await loadRun(runId);
    const target = run.targets.find(({ id }) => id === targetId);
    if (!target || run.cancelRequestedAt) return null;
    const step = target.steps.find(({ state }) => state === "waiting" || state === "running");
    if (!step || ENDED_TARGETS.includes(target.state)) return null;
    if (step.state === "waiting") {
      if (run.pausedAt) return null;
      await recordTarget(run, target, { state: STATE_OF[step.name] }, { step, state: "running" });
      begun = { id: step.id, at: performance.now() };
      await settle();
      continue;
    }
    const begunAt = begun?.id === step.id ? begun.at : undefined;
    const again = await perform(run, target, step, signal, begunAt);
    await settle();
    if (again !== 0) return again;
  }
}

/** One look at a running step. Answers 0 when the next step may begin at once. */
async function perform(
  run: Run,
  target: TargetRun,
  step: StepRun,
  signal: AbortSignal,
  begunAt: number | undefined,
): Promise<number> {
  let outcome: Outcome;
  try {
    const client = await connectCluster(target.clusterId);
    outcome = await PERFORM[step.name]({
      run,
      target,
      step,
      plan: planOf(run, target),
      client,
      signal,
      begunAt,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AdapterError) return unanswered(run, target, step, error);
    // The cluster was taken away or has no credential any more: asking again changes nothing.
    if (error instanceof AppError) return refused(run, target, step, error.message);
    throw error;
  }
  const state = STATE_OF[step.name];
  if ("done" in outcome) {
    const last = step.id === target.steps.at(-1)?.id;
    const patch = {
      state: last ? ("succeeded" as const) : state,
      cause: null,
      ...changed(target, outcome.progress),
    };
    await recordTarget(run, target, patch, { step, state: "succeeded", detail: outcome.detail });
    return 0;
  }
  if ("failed" in outcome) {
    const patch = { state: "failed" as const, cause: outcome.failed, ...changed(target, outcome.progress) };
    await recordTarget(run, target, patch, { step, state: "failed", detail: outcome.detail });
    return 0;
  }
  const patch = { ...(target.state === state ? {} : { state }), ...changed(target, outcome.progress) };
  // The cluster answers: what was said about its silence is over.
  const heard = target.cause ? { cause: null } : {};
  const { detail } = outcome;
  const learnt =
    detail && !isDeepStrictEqual(detail, step.detail) ? { step, state: step.state, detail } : null;
  if (learnt || Object.keys({ ...patch, ...heard }).length > 0) {
    await recordTarget(run, target, { ...patch, ...heard }, learnt);
  }
  return outcome.wait;
}

const changed = (target: TargetRun, progress: Progress | undefined): { progress?: Progress } =>
  progress && !isDeepStrictEqual(JSON.parse(JSON.stringify(progress)), target.progress) ? { progress } : {};

/**
 * A cluster that does not answer is asked again; after a minute nobody can say what state it is in. An answer that
 * refuses us ends the run.
 */
async function unanswered(run: Run, target: TargetRun, step: StepRun, error: AdapterError): Promise<number> {
  const told = { cluster: target.cluster, reason: error.message };
  if (!error.retryable) return refused(run, target, step, error.message);
  const since = target.cause?.since ?? new Date().toISOString();
  const cause: CauseInput = {
    code: "CLUSTER_UNREACHABLE",
    message: `${target.cluster} does not answer: ${error.message}`,
    facts: told,
    since,
  };
  const lost = Date.now() - Date.parse(since) > UNKNOWN_AFTER_MS;
  if (lost && target.state !== "unknown") await recordTarget(run, target, { state: "unknown", cause });
  else if (!target.cause) await recordTarget(run, target, { cause });
  return RETRY_SECONDS;
}

async function refused(run: Run, target: TargetRun, step: StepRun, reason: string): Promise<number> {
  const { cluster } = target;
  const cause = { code: "CLUSTER_FORBIDDEN", message: `${cluster}: ${reason}`, facts: { cluster, reason } };
  await recordTarget(run, target, { state: "failed", cause }, { step, state: "failed" });
  return 0;
}
