import { connectCluster } from "#lib/connections/connect.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import { changeAfter } from "./advance.ts";
import type { TargetChange } from "./record-target.ts";
import { planOf, type Run } from "./run.ts";
import { dryRun } from "./steps/dry-run.ts";
import { waveFacts } from "./waiting.ts";
import { nextOf } from "./waves.ts";

/** Longer than a cluster that is well takes; one that is not is asked again, and waited for, at its turn. */
const LIMIT_MS = 2_000;

/**
 * The dry run of a deployment's first targets while the database is asked whether it may begin: it changes nothing, and
 * nobody has to wait for one after the other. Where it finds anything but that all is well, nothing is said here: the
 * step is done at its turn.
 * @returns what to record of each target whose dry run is done
 */
export async function peek(run: Run, signal: AbortSignal): Promise<{ id: string; change: ChangeOf }[]> {
  const next = nextOf(waveFacts(run, new Date()));
  if (next.do !== "work") return [];
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const seen = await Promise.all(next.targets.map((id) => checked(run, id, limit)));
  signal.throwIfAborted();
  return seen.flatMap((one) => one ?? []);
}

/** A change of a run that has moved since it was looked at, but not on this target. */
type ChangeOf = (now: Run) => TargetChange;

async function checked(run: Run, id: string, signal: AbortSignal) {
  const target = run.targets.find((one) => one.id === id);
  const step = target?.steps[0];
  if (!target || step?.name !== "dry_run" || step.state !== "waiting") return null;
  const begun = performance.now();
  try {
    const client = await connectCluster(target.clusterId);
    const outcome = await dryRun({ run, target, step, plan: planOf(run, target), client, signal });
    if (!("done" in outcome)) return null;
    const tookMs = performance.now() - begun;
    return { id, change: (now: Run) => changeAfter(now, target, { step, outcome, tookMs }) };
  } catch (error) {
    if (signal.aborted || error instanceof AdapterError || error instanceof AppError) return null;
    throw error;
  }
}
