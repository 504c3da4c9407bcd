import type { Tx } from "#lib/db.ts";
import { free } from "#lib/reservations/hold.ts";
import { findStage, moveStage } from "#lib/stages/move.ts";
import { STAGE_TRANSITIONS } from "#lib/stages/state.ts";
import { mayFollow } from "#lib/state-machine.ts";
import { PHASES } from "#lib/strategies/schema.ts";
import { transaction } from "#lib/transaction.ts";
import type { CauseInput } from "./content.ts";
import { auditDeployment, causeJson, moveDeployment } from "./record.ts";
import type { Run, StepRun, TargetRun } from "./run.ts";
import { ENDED_TARGETS } from "./state.ts";
import { undoneDeployments } from "./undone.ts";

export const unlock = (tx: Tx, run: Pick<Run, "id">) =>
  tx.targetLock.deleteMany({ where: { deploymentId: run.id } });

async function moveOwnStage(tx: Tx, run: Run, to: "testing" | "failed" | "entered"): Promise<void> {
  if (run.kind !== "deploy") return;
  const stage = await findStage(tx, run.release.id, run.environment.id);
  if (stage?.state !== "deploying") return;
  const { id: stageId, version, state } = stage;
  await moveStage(tx, { stageId, version, from: state, to, actor: null, data: { deployment: run.id } });
}

/** Everything came up: locks are freed, what was pruned is forgotten, and the release order goes on. */
export const finishSucceeded = (run: Run): Promise<Run> => transaction((tx) => succeed(tx, run));

/** `finishSucceeded` in the caller's transaction. @returns the run as it is then */
export async function succeed(tx: Tx, run: Run): Promise<Run> {
  const moved = await moveDeployment(tx, run, "succeeded", { ended: true, cause: null });
  for (const { targetId, prune } of run.plan.manifests.targets) {
    // What was skipped still has what should have been deleted: the next plan does that.
    if (run.targets.some((target) => target.targetId === targetId && target.state === "skipped")) continue;
    for (const { ref } of prune) {
      const { apiVersion, kind, name } = ref;
      await tx.inventoryObject.deleteMany({ where: { targetId, apiVersion, kind, name } });
    }
  }
  await unlock(tx, run);
  await moveOwnStage(tx, run, "testing");
  const undone = run.kind === "rollback" ? await rollBackOthers(tx, run) : [];
  const { digest, inputs } = run.plan;
  await auditDeployment(tx, run, null, "succeed", { plan: digest, images: inputs.images, undone });
  return { ...run, ...moved };
}

/** What a successful rollback means for the deployments and release orders that it undid. */
async function rollBackOthers(tx: Tx, run: Run): Promise<string[]> {
  const { sources } = run.plan.inputs;
  const undone = await undoneDeployments(tx, {
    projectId: run.project.id,
    environmentId: run.environment.id,
    sources,
  });
  for (const { id, state, version, releaseId, release } of undone) {
    if (state !== "rolling_back") continue;
    const other = { ...run, id, release: { id: releaseId, number: release }, kind: "deploy" as const };
    await moveDeployment(tx, { ...other, state, version }, "rolled_back", { ended: true });
  }
  const releases = new Map(undone.map(({ releaseId, release }) => [releaseId, release]));
  for (const releaseId of releases.keys()) {
    const stage = await findStage(tx, releaseId, run.environment.id);
    if (stage && mayFollow(STAGE_TRANSITIONS, stage.state, "rolled_back")) {
      const { id: stageId, version, state } = stage;
      await moveStage(tx, {
        stageId,
        version,
        from: state,
        to: "rolled_back",
        actor: null,
        data: { deployment: run.id },
      });
      // One that was cancelled before it touched anything is still in, and keeps its hold.
      await free(tx, { projectId: run.project.id, environmentId: run.environment.id, releaseId });
    }
  }
  return [...releases.values()];
}

/**
 * A target failed, or the run was refused before it began: later waves are not started. Where the environment undoes
 * what failed, the targets stay locked until that has begun or is refused.
 */
export async function finishFailed(run: Run, cause: CauseInput): Promise<void> {
  const undo = run.kind === "deploy" && run.environment.onFailure === "rollback" && hasTouched(run);
  const told = undo ? { ...cause, rollback: { state: "due" as const } } : cause;
  await transaction(async (tx) => {
    await moveDeployment(tx, run, "failed", { ended: true, cause: told });
    const skipped = { code: "NOT_STARTED", message: "an earlier wave failed" };
    await tx.deploymentTarget.updateMany({
      where: { deploymentId: run.id, state: "queued" },
      data: { state: "cancelled", cause: causeJson(skipped), version: { increment: 1 } },
    });
    if (!undo) await unlock(tx, run);
    await moveOwnStage(tx, run, "failed");
    if (run.kind === "rollback") await failOthers(tx, run);
    await auditDeployment(tx, run, null, "fail", { plan: run.plan.digest, cause });
  });
}

/** Whether any attempt came to the point of writing to a cluster. */
const hasTouched = (run: Run): boolean =>
  run.targets.some(
    ({ applied, steps }) =>
      applied.length > 0 || steps.some(({ name, startedAt }) => name !== "dry_run" && startedAt !== null),
  );

/** The rollback did not work: what was to be undone is as failed as before. */
export async function failOthers(tx: Tx, run: Run): Promise<void> {
  const { sources } = run.plan.inputs;
  const undone = await undoneDeployments(tx, {
    projectId: run.project.id,
    environmentId: run.environment.id,
    sources,
  });
  for (const { id, state, version, releaseId, release } of undone) {
    if (state !== "rolling_back") continue;
    const other = { ...run, id, release: { id: releaseId, number: release }, kind: "deploy" as const };
    await moveDeployment(tx, { ...other, state, version }, "failed");
  }
}

/** Stops where it is. Says of every object whether it is the new one or as before. */
export async function finishCancelled(run: Run): Promise<void> {
  const objects = cancelReport(run);
  const touched = objects.some(({ state }) => state !== "old");
  const facts = {
    new: objects.filter(({ state }) => state === "new").length,
    old: objects.filter(({ state }) => state === "old").length,
    unknown: objects.filter(({ state }) => state === "unknown").length,
  };
  const message = touched
    ? `cancelled: ${facts.new} objects are new, ${facts.old} as before`
    : "cancelled before anything was touched";
  const cause = { code: touched ? "CANCELLED_MIDWAY" : "CANCELLED", message, facts, objects };
  await transaction(async (tx) => {
    await moveDeployment(tx, run, "cancelled", { ended: true, cause });
    for (const target of run.targets) {
      if (ENDED_TARGETS.includes(target.state)) continue;
      await tx.deploymentTarget.update({
        where: { id: target.id },
        data: { state: "cancelled", endedAt: new Date(), version: { increment: 1 } },
      });
      await tx.deploymentStep.updateMany({
        where: { deploymentTargetId: target.id, state: { in: ["waiting", "running"] } },
        data: { state: "cancelled", endedAt: new Date() },
      });
    }
    await unlock(tx, run);
    await moveOwnStage(tx, run, touched ? "failed" : "entered");
    if (run.kind === "rollback") await failOthers(tx, run);
    await auditDeployment(tx, run, null, "cancelled", { cause });
  });
}

/** Pure: which objects a run has put in place, by what its apply steps recorded. */
export function cancelReport(run: {
  plan: Pick<Run["plan"], "manifests">;
  targets: readonly (Pick<TargetRun, "targetId" | "applied"> & {
    steps: readonly Pick<StepRun, "name" | "state">[];
  })[];
}): NonNullable<CauseInput["objects"]> {
  return run.plan.manifests.targets.flatMap(({ targetId, cluster, namespace, objects }) => {
    const target = run.targets.find((one) => one.targetId === targetId);
    // A step that writes bears the name of the phase that it writes.
    const writing = target?.steps.find(
      ({ name, state }) => state === "running" && PHASES.some((phase) => phase === name),
    );
    return objects.map(({ manifest, phase }) => {
      const object = `${manifest.kind} ${manifest.metadata.name}`;
      const state =
        phase === writing?.name
          ? ("unknown" as const)
          : target?.applied.includes(object)
            ? ("new" as const)
            : ("old" as const);
      return { cluster, namespace, object, state };
    });
  });
}
