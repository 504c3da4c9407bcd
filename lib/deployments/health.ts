import { connectCluster } from "#lib/connections/connect.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import type { CauseInput, Progress } from "./content.ts";
import { recordTarget } from "./record-target.ts";
import { planOf, type Run, type TargetRun } from "./run.ts";
import { lookAtWorkloads } from "./steps/look.ts";
import { causeOf } from "./steps/roll-out.ts";
import { UNWELL_MS } from "./waves.ts";

const LOOK_AGAIN = 2;

/**
 * Looks again at targets that succeeded, before what comes after them begins. One that is unwell, or cannot be seen, is
 * waited for up to a minute; then it counts as failed, with the cause.
 * @returns null when all of them are well; else seconds until the next look, 0 when one has failed
 */
export async function healthGate(
  run: Run,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<number | null> {
  const targets = run.targets.filter(({ id }) => ids.includes(id));
  const answers = await Promise.all(targets.map((target) => lookAgain(run, target, signal)));
  const waits = answers.filter((wait) => wait !== null);
  return waits.length > 0 ? Math.min(...waits) : null;
}

async function lookAgain(run: Run, target: TargetRun, signal: AbortSignal): Promise<number | null> {
  const seen = await see(run, target, signal);
  if (seen.cause === null) {
    if (target.cause) await recordTarget(run, { target, patch: { cause: null, ...seenOf(seen) } });
    return null;
  }
  const since = target.cause?.since ?? new Date().toISOString();
  if (Date.now() - Date.parse(since) > UNWELL_MS) {
    await recordTarget(run, { target, patch: { state: "failed", cause: seen.cause, ...seenOf(seen) } });
    return 0;
  }
  if (!target.cause) {
    await recordTarget(run, { target, patch: { cause: { ...seen.cause, since }, ...seenOf(seen) } });
  }
  return LOOK_AGAIN;
}

const seenOf = ({ progress }: { progress?: Progress }) => (progress ? { progress } : {});

async function see(
  run: Run,
  target: TargetRun,
  signal: AbortSignal,
): Promise<{ cause: CauseInput | null; progress?: Progress }> {
  const { cluster } = target;
  const step = target.steps.at(-1);
  if (!step) return { cause: null };
  try {
    const client = await connectCluster(target.clusterId);
    const input = { run, target, step, plan: planOf(run, target), client, signal };
    const progress = await lookAtWorkloads(input);
    const unwell = progress.find(({ state }) => state !== "healthy");
    if (!unwell) return { cause: null, progress };
    const known = await causeOf(unwell, input);
    if (unwell.cause) return { cause: known, progress };
    const facts = { ...known.facts, cluster };
    const message = `${facts.object} on ${cluster} is no longer healthy`;
    return { cause: { ...known, code: "UNWELL_AGAIN", message, facts }, progress };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AdapterError || error instanceof AppError)) throw error;
    const facts = { cluster, reason: error.message };
    return { cause: { code: "CLUSTER_UNREACHABLE", message: `${cluster}: ${error.message}`, facts } };
  }
}
