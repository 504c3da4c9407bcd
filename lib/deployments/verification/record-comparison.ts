import { connectCluster } from "#lib/connections/connect.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { toJson } from "#lib/plans/json.ts";
import { transaction } from "#lib/transaction.ts";
import { planOf, type Run, runTopics, type TargetRun } from "../run.ts";
import { compareTargets } from "./compare.ts";

const TIMEOUT_MS = 5_000;

/**
 * Puts beside every failed target how it differs from one where the same plan is healthy, once; a retry compares
 * afresh. Never a reason to fail.
 */
export async function compareFailures(run: Run, signal: AbortSignal): Promise<void> {
  const healthy = run.targets.find(({ state }) => state === "succeeded");
  const failed = run.targets.filter(({ state, compared }) => state === "failed" && !compared);
  if (!healthy || failed.length === 0) return;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const sideOf = async (target: TargetRun) => ({
    target,
    plan: planOf(run, target),
    client: await connectCluster(target.clusterId),
  });
  for (const target of failed) {
    try {
      const comparison = await compareTargets(run, await sideOf(target), await sideOf(healthy), limit);
      signal.throwIfAborted();
      await transaction(async (tx) => {
        await tx.deploymentTarget.updateMany({
          where: { id: target.id, state: "failed" },
          data: { comparison: toJson(comparison) },
        });
        await emit(tx, {
          topics: runTopics(run),
          type: "deployment.compared",
          data: { id: run.id, cluster: target.cluster, namespace: target.namespace },
        });
      });
    } catch (error) {
      // A cluster that was taken away meanwhile: there is nothing to compare with.
      if (!(error instanceof AppError)) throw error;
    }
  }
}
