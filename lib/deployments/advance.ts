import { isDeepStrictEqual } from "node:util";
import { connectCluster } from "#lib/connections/connect.ts";
import type { Tx } from "#lib/db.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import type { CauseInput, Progress } from "./content.ts";
import { recordTarget, type TargetChange } from "./record-target.ts";
import { planOf, type Run, type StepRun, type TargetRun } from "./run.ts";
import { ENDED_TARGETS } from "./state.ts";
import type { Outcome, StepInput } from "./steps/outcome.ts";
import { OPENING, PERFORM, STATE_OF } from "./steps/table.ts";

const UNKNOWN_AFTER_MS = 60_000;
const RETRY_SECONDS = 3;

/**
 * Takes a target run as far as it goes without waiting. The end of a step and the beginning of the next are recorded
 * together, and nothing of a step is done before it is recorded as begun.
 * @param run as it was read just before
 * @param begunAt when this worker began the step that runs, if it just did
 * @returns seconds until it wants to be looked at again, null when the target's run has ended or is asked to stop; and
 * the run as it is then, as far as this target is concerned
 */
export async function advanceTarget(
  run: Run,
  targetId: string,
  signal: AbortSignal,
  begunAt?: number,
): Promise<{ again: number | null; run: Run }> {
  let now = run;
  let begun: Begun = { begunAt };
  for (;;) {
    signal.throwIfAborted();
    const target = now.targets.find(({ id }) => id === targetId);
    if (!target || now.cancelRequestedAt) return { again: null, run: now };
    const step = target.steps.find(({ state }) => state === "waiting" || state === "running");
    if (!step || ENDED_TARGETS.includes(target.state)) return { again: null, run: now };
    if (step.state === "waiting") {
      if (now.pausedAt) return { again: null, run: now };
      const patch = { state: STATE_OF[step.name] };
      const opening = openingOf(now, target, step);
      now = await recordTarget(now, { target, patch, step: { step, state: "running" }, opening });
      begun = { begunAt: performance.now() };
      continue;
    }
    const looked = await perform(now, target, step, signal, begun);
    now = looked.run;
    if (looked.again !== 0) return { again: looked.again, run: now };
    begun = looked.begun ?? {};
  }
}

/** Of a step that this worker has just begun: when, and the workloads as the step before saw them then. */
type Begun = Pick<StepInput, "begunAt" | "seen">;
type Looked = { again: number; run: Run; begun?: Begun };

/** One look at a running step. Answers 0 when the next step may begin at once. */
async function perform(
  run: Run,
  target: TargetRun,
  step: StepRun,
  signal: AbortSignal,
  begun: Begun,
): Promise<Looked> {
  let outcome: Outcome;
  try {
    const client = await connectCluster(target.clusterId);
    const plan = planOf(run, target);
    outcome = await PERFORM[step.name]({ run, target, step, plan, client, signal, ...begun });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AdapterError) return unanswered(run, target, step, error);
    // The cluster was taken away or has no credential any more: asking again changes nothing.
    if (error instanceof AppError) return refused(run, target, step, error.message);
    throw error;
  }
  const { detail, progress } = outcome;
  if ("done" in outcome) {
    const recorded = await recordTarget(run, changeAfter(run, target, { step, outcome }));
    return { again: 0, run: recorded, begun: begunAfter(step, progress) };
  }
  const seen = changed(target, progress);
  const state = STATE_OF[step.name];
  if ("failed" in outcome) {
    const patch = { state: "failed" as const, cause: outcome.failed, ...seen };
    return {
      again: 0,
      run: await recordTarget(run, { target, patch, step: { step, state: "failed", detail } }),
    };
  }
  // The cluster answers: what was said about its silence is over.
  const patch = {
    ...(target.state === state ? {} : { state }),
    ...seen,
    ...(target.cause ? { cause: null } : {}),
  };
  const learnt =
    detail && !isDeepStrictEqual(detail, step.detail) ? { step, state: step.state, detail } : null;
  const isNews = learnt !== null || Object.keys(patch).length > 0;
  const recorded = isNews ? await recordTarget(run, { target, patch, step: learnt }) : run;
  return { again: outcome.wait, run: recorded };
}

/** What is recorded when a step is done: its end, and what begins with that. Pure. */
export function changeAfter(
  run: Run,
  target: TargetRun,
  { step, outcome, tookMs }: { step: StepRun; outcome: Outcome & { done: true }; tookMs?: number },
): TargetChange {
  const { detail, progress } = outcome;
  const following = target.steps.find((one) => one.position > step.position && one.state === "waiting");
  const state = following ? STATE_OF[step.name] : ("succeeded" as const);
  return {
    target,
    patch: { state, cause: null, ...changed(target, progress) },
    step: { step, state: "succeeded", detail, tookMs },
    next: following ? { step: following, state: STATE_OF[following.name] } : null,
    opening: following && openingOf(run, target, following),
  };
}

const begunAfter = (step: StepRun, progress: Progress | undefined): Begun => ({
  begunAt: performance.now(),
  seen: step.name === "roll_out" ? progress : undefined,
});

const openingOf = (run: Run, target: TargetRun, step: StepRun) => {
  const open = OPENING[step.name];
  return open && ((tx: Tx) => open(tx, run, planOf(run, target)));
};

const changed = (target: TargetRun, progress: Progress | undefined): { progress?: Progress } =>
  progress && !isDeepStrictEqual(JSON.parse(JSON.stringify(progress)), target.progress) ? { progress } : {};

/**
 * A cluster that does not answer is asked again; after a minute nobody can say what state it is in. An answer that
 * refuses us ends the run.
 */
async function unanswered(run: Run, target: TargetRun, step: StepRun, error: AdapterError): Promise<Looked> {
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
  const patch = lost && target.state !== "unknown" ? { state: "unknown" as const, cause } : { cause };
  const isNews = patch.state !== undefined || !target.cause;
  return { again: RETRY_SECONDS, run: isNews ? await recordTarget(run, { target, patch }) : run };
}

async function refused(run: Run, target: TargetRun, step: StepRun, reason: string): Promise<Looked> {
  const { cluster } = target;
  const cause = { code: "CLUSTER_FORBIDDEN", message: `${cluster}: ${reason}`, facts: { cluster, reason } };
  const patch = { state: "failed" as const, cause };
  return { again: 0, run: await recordTarget(run, { target, patch, step: { step, state: "failed" } }) };
}
