import type { Actor } from "#lib/access/actor.ts";
import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { enqueue } from "#lib/queue/enqueue.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { allow } from "./allow.ts";
import { getDeployment } from "./queries.ts";
import { auditDeployment } from "./record.ts";
import { type Run, runTopics } from "./run.ts";
import type { DeploymentDto } from "./schema.ts";
import { DEPLOYMENT_ACTIONS } from "./state.ts";
import { waveFacts } from "./waiting.ts";
import { nextOf } from "./waves.ts";

/**
 * Halts a deployment: the step at hand ends, nothing new begins. Asked again it changes nothing.
 * @throws AppError NOT_FOUND; FORBIDDEN | BLOCKED with every blocker; VERSION_CONFLICT when it ended meanwhile
 */
export async function pauseDeployment({ actor, id }: { actor: Actor; id: string }): Promise<DeploymentDto> {
  const { run } = await allow("pause", actor, id);
  if (run.pausedAt) return getDeployment(actor, id);
  await change(run, actor, "pause", {}, async (tx, now) => {
    const { count } = await tx.deployment.updateMany({
      where: { ...running(id), pausedAt: null },
      data: { pausedAt: now, version: { increment: 1 } },
    });
    return count;
  });
  return getDeployment(actor, id);
}

/**
 * Lets a deployment go on: the step that waits for a person, the wave that waits to begin, or (neither named) one that
 * is paused. What was answered before stays answered: a second click never lets the next one go on.
 * @throws AppError NOT_FOUND; FORBIDDEN | BLOCKED with every blocker; INVALID_INPUT when it is not paused and what waits
 * is not named; VERSION_CONFLICT when it ended meanwhile
 */
export async function continueDeployment(input: {
  actor: Actor;
  id: string;
  step?: string;
  wave?: number;
}): Promise<DeploymentDto> {
  const { actor, id, step, wave } = input;
  const { run } = await allow("continue", actor, id);
  if (step !== undefined) await continueStep(run, actor, step);
  else if (wave !== undefined) await continueWave(run, actor, wave);
  else await endPause(run, actor);
  return getDeployment(actor, id);
}

async function continueStep(run: Run, actor: Actor, id: string): Promise<void> {
  const target = run.targets.find(({ steps }) => steps.some((step) => step.id === id));
  const step = target?.steps.find((one) => one.id === id);
  if (!target || !step) throw new AppError("NOT_FOUND", "this deployment has no such step");
  if (step.continuedAt) return;
  if (step.state !== "running" || step.input.wait?.kind !== "person") throw nothingWaits();
  const told = { cluster: target.cluster, namespace: target.namespace, step: step.name };
  await change(run, actor, "continue", told, async (tx, now) => {
    const { count } = await tx.deploymentStep.updateMany({
      where: { id, state: "running", continuedAt: null },
      data: { continuedAt: now, continuedById: actor.id },
    });
    return count;
  });
}

async function continueWave(run: Run, actor: Actor, wave: number): Promise<void> {
  if (run.waveContinued >= wave) return;
  const next = nextOf({ ...waveFacts(run, new Date()), paused: false });
  const waits = next.do === "hold" && next.hold.kind === "wave_gate" && next.hold.wave === wave;
  if (!waits) throw nothingWaits();
  await change(run, actor, "continue", { wave }, async (tx) => {
    const { count } = await tx.deployment.updateMany({
      where: { ...running(run.id), waveContinued: { lt: wave } },
      data: { waveContinued: wave, version: { increment: 1 } },
    });
    return count;
  });
}

async function endPause(run: Run, actor: Actor): Promise<void> {
  if (!run.pausedAt) {
    const next = nextOf(waveFacts(run, new Date()));
    const steps = run.targets.flatMap(({ steps }) => steps);
    const waits = steps.some(({ state, input }) => state === "running" && input.wait?.kind === "person");
    if (waits || (next.do === "hold" && next.hold.kind === "wave_gate"))
      throw new AppError("INVALID_INPUT", "say which step or which wave may go on");
    return;
  }
  await change(run, actor, "continue", {}, async (tx) => {
    const { count } = await tx.deployment.updateMany({
      where: { ...running(run.id), pausedAt: { not: null } },
      data: { pausedAt: null, version: { increment: 1 } },
    });
    return count;
  });
}

/** By state, not by version: the worker moves a deployment on while a person decides, and both are right. */
const running = (id: string) => ({
  id,
  state: { in: [...DEPLOYMENT_ACTIONS.pause.from] },
  cancelRequestedAt: null,
});

const nothingWaits = () => {
  const message = "nothing waits for a person here";
  const blockers = [{ code: "NOTHING_WAITS", message, facts: {}, liftedBy: [] }];
  return new AppError("BLOCKED", message, { blockers });
};

async function change(
  run: Run,
  actor: Actor,
  action: "pause" | "continue",
  told: Record<string, string | number>,
  write: (tx: Tx, now: Date) => Promise<number>,
): Promise<void> {
  await transaction(async (tx) => {
    if ((await write(tx, await databaseTime(tx))) === 0)
      throw new AppError("VERSION_CONFLICT", "the deployment has moved meanwhile");
    await emit(tx, {
      topics: runTopics(run),
      type: action === "pause" ? "deployment.paused" : "deployment.continued",
      data: {
        id: run.id,
        state: run.state,
        release: run.release.number,
        environment: run.environment.key,
        ...told,
        by: { username: actor.username, displayName: actor.displayName },
      },
    });
    await enqueue(tx, "deployment.reconcile", { deploymentId: run.id }, { key: `deployment:${run.id}` });
    await auditDeployment(tx, run, actor, action, { state: run.state, ...told });
  });
}
