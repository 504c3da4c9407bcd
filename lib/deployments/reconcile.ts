import { loadActor } from "#lib/access/actor.ts";
import { db, type Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { imageRegistries } from "#lib/plans/image-registry.ts";
import { lookAtImages } from "#lib/plans/look.ts";
import { loadPlan, planStanding } from "#lib/plans/standing.ts";
import { transaction } from "#lib/transaction.ts";
import { advanceTarget } from "./advance.ts";
import { undoByPolicy, undoneSince } from "./automatic.ts";
import { takeTurn } from "./begin.ts";
import { holdBlockers, startBlockers } from "./decision.ts";
import { finishCancelled, finishFailed, finishSucceeded, succeed } from "./finish.ts";
import { healthGate } from "./health.ts";
import { peek } from "./peek.ts";
import { pathTo, runningState } from "./phase.ts";
import { auditDeployment, moveDeployment } from "./record.ts";
import { recordTargetIn } from "./record-target.ts";
import { loadRun, type Run } from "./run.ts";
import { ACTIVE_DEPLOYMENTS } from "./state.ts";
import { withdrawAll } from "./steps/withdraw.ts";
import { together } from "./together.ts";
import { compareFailures } from "./verification/record-comparison.ts";
import { waveFacts } from "./waiting.ts";
import { nextOf } from "./waves.ts";

const BUSY_SECONDS = 10;
/** Only a person lets it go on, and wakes the worker by that. */
const REST_SECONDS = 30;

/** Deployments for which a job must exist: those that hold targets, whose time comes, or that are to be undone. */
export async function unfinishedDeployments(): Promise<string[]> {
  const rows = await db.deployment.findMany({
    where: {
      OR: [
        { state: { in: [...ACTIVE_DEPLOYMENTS] } },
        { state: "scheduled", scheduledAt: { lte: new Date() } },
        { state: "failed", cause: { path: ["rollback", "state"], equals: "due" } },
      ],
    },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/**
 * Brings one deployment as far as it goes now. Everything it knows is in the database and the cluster, so another
 * worker can go on after any line.
 * @param signal aborted when the lease is lost: nothing is touched after that
 * @returns seconds until it wants to be called again; null when it has ended
 */
export async function handleDeploymentJob(id: string, signal: AbortSignal): Promise<number | null> {
  try {
    let known: Known = { run: await loadRun(id) };
    for (;;) {
      signal.throwIfAborted();
      const { again, now } = await turn(known, signal);
      if (again !== 0) return again;
      known = now ?? { run: await loadRun(id) };
    }
  } catch (error) {
    // Somebody cancelled, or another worker was faster: look at the new world.
    if (error instanceof AppError && error.code === "VERSION_CONFLICT") return 1;
    throw error;
  }
}

/** `again` 0 asks for the next turn at once: with `now`, else with the run as it is read then. */
type Turn = { again: number | null; now?: Known };
/** `begunAt`: when this worker began the steps that run, if it just did. */
type Known = { run: Run; begunAt?: number };

async function turn({ run, begunAt }: Known, signal: AbortSignal): Promise<Turn> {
  if (run.state === "failed" && run.cause?.rollback?.state === "due")
    return { again: await undoByPolicy(run) };
  if (run.state !== "scheduled" && !ACTIVE_DEPLOYMENTS.includes(run.state)) return { again: null };
  if (run.cancelRequestedAt) {
    await withdrawAll(run, signal);
    await finishCancelled(await loadRun(run.id));
    return { again: null };
  }
  if (run.state === "scheduled") return { again: await startScheduled(run) };
  if (run.state === "queued") return run.pausedAt ? { again: REST_SECONDS } : begin(run, signal);
  await compareFailures(run, signal);
  const next = nextOf(waveFacts(run, new Date()));
  if (next.do === "hold") {
    await settle(run);
    return { again: next.seconds ?? REST_SECONDS };
  }
  if (next.do === "succeed") {
    await finishSucceeded(await settle(run));
    return { again: null };
  }
  if (next.do === "fail") {
    const told = run.targets.find(({ id }) => id === next.target)?.cause;
    await finishFailed(run, told ?? { code: "UNKNOWN", message: "a target failed" });
    return { again: 0 };
  }
  if (next.do === "begin") {
    const again = await healthGate(run, next.healthy, signal);
    if (again !== null) return { again };
  }
  return work({ run, begunAt }, next.targets, signal);
}

/** Looks at some targets side by side, each as far as it goes. */
async function work(
  { run, begunAt }: Known,
  targetIds: readonly string[],
  signal: AbortSignal,
): Promise<Turn> {
  let last = run;
  // What one look came to knows nothing of the targets beside it.
  const closing = run.targets.length === 1 ? succeedIfDone : undefined;
  const waits = await together(
    targetIds.map((id) => {
      let known: Known | null = { run, begunAt };
      return async () => {
        const now = known ?? { run: await loadRun(run.id) };
        known = null;
        const advanced = await advanceTarget(now.run, id, signal, { begunAt: now.begunAt, closing });
        last = advanced.run;
        return advanced.again;
      };
    }),
    signal,
  );
  const longest = waits.filter((wait) => wait !== null);
  if (longest.length > 0) return { again: Math.min(...longest) };
  return { again: 0, ...(run.targets.length === 1 ? { now: { run: last } } : {}) };
}

/** With the last step of the only target the deployment has succeeded. */
const succeedIfDone = async (tx: Tx, run: Run): Promise<Run> =>
  !run.cancelRequestedAt && nextOf(waveFacts(run, new Date())).do === "succeed" ? succeed(tx, run) : run;

/** Brings the deployment's own state to what its targets say: a target that is left out moves it, too. */
async function settle(run: Run): Promise<Run> {
  let now = run;
  for (const to of pathTo(run.state, runningState(run.targets))) {
    now = { ...now, ...(await transaction((tx) => moveDeployment(tx, now, to))) };
  }
  return now;
}

/** Reads rights, approvals and freezes again: between the click and the turn a role may have been revoked. */
async function blockersNow(run: Run) {
  const actor = await loadActor(run.createdById);
  const plan = await loadPlan(db, { id: run.plan.id });
  const standing = await planStanding(db, plan, { deployerId: run.createdById });
  const planBlockers = plan.review.blockers;
  // What the environment's policy starts needs nobody's right.
  if (run.automaticFor) return { actor, standing, blockers: holdBlockers({ standing, planBlockers }) };
  const nobody = { userId: run.createdById, globalRoles: [], projectRoles: {}, grants: [] };
  const rights = actor?.rights ?? nobody;
  const blockers = startBlockers({ rights, projectId: run.project.id, standing, planBlockers });
  return { actor, standing, blockers };
}

async function startScheduled(run: Run): Promise<number | null> {
  const { actor, standing, blockers: found } = await blockersNow(run);
  const blockers = [...found, ...(await undoneSince(run))];
  const left = (run.scheduledAt?.getTime() ?? 0) - standing.now.getTime();
  if (left > 0) return Math.ceil(left / 1000);
  const [first] = blockers;
  if (first) {
    const message = `not started: ${blockers.map((blocker) => blocker.message).join("; ")}`;
    const cause = { code: first.code, message, facts: first.facts };
    await transaction(async (tx) => {
      await moveDeployment(tx, run, "cancelled", { ended: true, cause });
      await tx.deploymentTarget.updateMany({ where: { deploymentId: run.id }, data: { state: "cancelled" } });
      await auditDeployment(tx, run, null, "refuse", { blockers });
    });
    return null;
  }
  try {
    await transaction(async (tx) => {
      await moveDeployment(tx, run, "queued");
      const targetIds = run.targets.map(({ targetId }) => targetId);
      const { gate, undone } = standing;
      await takeTurn(tx, { ...run, targetIds }, { actor, stage: gate.stage, undone });
      await auditDeployment(tx, run, null, "start", {
        plan: run.plan.digest,
        scheduledAt: run.scheduledAt?.toISOString(),
      });
    });
  } catch (error) {
    if (error instanceof AppError && error.code === "TARGET_BUSY") return BUSY_SECONDS;
    throw error;
  }
  return 0;
}

/** `deploying` is our own doing; every other blocker counts. */
const OWN_DOING = ["STAGE_NOT_DEPLOYABLE"];

async function imagesNow(run: Run) {
  const registryOf = await imageRegistries(db, run.project.id);
  return lookAtImages(run.plan.inputs.images, registryOf, { tags: false });
}

async function begin(run: Run, signal: AbortSignal): Promise<Turn> {
  const [{ blockers }, images, peeked] = await Promise.all([
    blockersNow(run),
    imagesNow(run),
    peek(run, signal),
  ]);
  // What nobody can confirm is not deployed; a rollback in need does not wait for a registry that is away.
  const doubtful = images.blockers.filter(({ code }) => code === "IMAGE_MISSING" || run.kind === "deploy");
  const found = [...blockers.filter(({ code }) => !OWN_DOING.includes(code)), ...doubtful];
  const [first] = found;
  if (first) {
    const message = `refused before anything was touched: ${found.map((blocker) => blocker.message).join("; ")}`;
    await finishFailed(run, { code: first.code, message, facts: first.facts });
    return { again: 0 };
  }
  const now = await transaction(async (tx) => {
    const moved = await moveDeployment(tx, run, "applying", { started: run.startedAt === null });
    await auditDeployment(tx, run, null, "begin", { plan: run.plan.digest, attempt: run.attempt });
    let begun: Run = { ...run, ...moved };
    for (const { change } of peeked) begun = await recordTargetIn(tx, begun, change(begun));
    return begun;
  });
  return { again: 0, now: { run: now, begunAt: performance.now() } };
}
