import { isDeepStrictEqual } from "node:util";
import type { Cluster } from "#lib/adapters/ports.ts";
import { connectCluster } from "#lib/connections/connect.ts";
import type { Tx } from "#lib/db.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import type { CauseInput, Progress } from "./content.ts";
import { recordTarget, type TargetChange } from "./record-target.ts";
import { planOf, type Run, type StepRun, type TargetRun } from "./run.ts";
import { ENDED_TARGETS } from "./state.ts";
import type { Outcome, StepInput } from "./steps/outcome.ts";
import { OPENING, PERFORM, STATE_OF } from "./steps/table.ts";
import { asksNothing } from "./steps/verify.ts";

const UNKNOWN_AFTER_MS = 60_000;
const RETRY_SECONDS = 3;

/**
 * Takes a target run as far as it goes without waiting. The end of a step and the beginning of the next are recorded
 * together, and nothing of a step is done before it is recorded as begun.
 * @param run as it was read just before
 * @param options.begunAt when this worker began the step that runs, if it just did
 * @param options.closing written with every step that ends, see `TargetChange`
 * @returns seconds until it wants to be looked at again, null when the target's run has ended or is asked to stop; and
 * the run as it is then, as far as this target is concerned
 */
export async function advanceTarget(
  run: Run,
  targetId: string,
  signal: AbortSignal,
  options: { begunAt?: number | undefined; closing?: TargetChange["closing"] } = {},
): Promise<{ again: number | null; run: Run }> {
  let now = run;
  let begun: Begun = { begunAt: options.begunAt };
  let client: Cluster | undefined;
  const connect = async (clusterId: string) => {
    client ??= await connectCluster(clusterId);
    return client;
  };
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
    const look = { run: now, target, step, signal, ...begun };
    const looked = await perform(look, connect, options.closing);
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
  input: Omit<StepInput, "plan" | "client">,
  connect: (clusterId: string) => Promise<Cluster>,
  closing: TargetChange["closing"],
): Promise<Looked> {
  const { run, target, step, signal } = input;
  let outcome: Outcome;
  let verified: Done | null = null;
  try {
    const whole = { ...input, plan: planOf(run, target), client: await connect(target.clusterId) };
    outcome = await PERFORM[step.name](whole);
    verified = "done" in outcome ? await verifiedAtOnce(whole, outcome.progress) : null;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AdapterError) return unanswered(run, target, step, error);
    // The cluster was taken away or has no credential any more: asking again changes nothing.
    if (error instanceof AppError) return refused(run, target, step, error.message);
    throw error;
  }
  const { detail, progress } = outcome;
  if ("done" in outcome) {
    const change = changeAfter(run, target, { step, outcome }, verified);
    return {
      again: 0,
      run: await recordTarget(run, { ...change, closing }),
      begun: begunAfter(step, progress),
    };
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

type Done = { step: StepRun; outcome: Outcome & { done: true }; tookMs?: number };

/** What is recorded when a step is done: its end, and what begins with that, or is done with that already. Pure. */
export function changeAfter(run: Run, target: TargetRun, done: Done, also: Done | null = null): TargetChange {
  const { step, outcome } = done;
  const { detail, progress } = outcome;
  const following = nextAfter(target, also?.step ?? step);
  const then = [
    ...(also
      ? [{ step: also.step, state: "succeeded" as const, detail: also.outcome.detail, tookMs: 0 }]
      : []),
    ...(following ? [{ step: following, state: "running" as const }] : []),
  ];
  const end = following ? STATE_OF[following.name] : ("succeeded" as const);
  return {
    target,
    patch: { state: then.length > 0 ? STATE_OF[step.name] : end, cause: null, ...changed(target, progress) },
    step: { step, state: "succeeded", detail, tookMs: done.tookMs },
    atOnce: then.length > 0 ? { steps: then, state: end } : null,
    opening: following && openingOf(run, target, following),
  };
}

const nextAfter = (target: TargetRun, step: StepRun): StepRun | undefined =>
  target.steps.find((one) => one.position > step.position && one.state === "waiting");

/** The check that follows a rollout, where nothing but what the rollout has just seen is asked for. */
async function verifiedAtOnce(input: StepInput, seen: Progress | undefined): Promise<Done | null> {
  const following = nextAfter(input.target, input.step);
  if (input.step.name !== "roll_out" || following?.name !== "verify" || !asksNothing(input.run)) return null;
  const outcome = await PERFORM.verify({ ...input, step: following, seen });
  return "done" in outcome ? { step: following, outcome } : null;
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
