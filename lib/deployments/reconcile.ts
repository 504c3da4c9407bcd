import { loadActor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { lookAtImages } from "#lib/plans/look.ts";
import { loadPlan, planStanding } from "#lib/plans/standing.ts";
import { advanceTarget } from "./advance.ts";
import { undoByPolicy, undoneSince } from "./automatic.ts";
import { takeTurn } from "./begin.ts";
import { holdBlockers, startBlockers } from "./decision.ts";
import { finishCancelled, finishFailed, finishSucceeded } from "./finish.ts";
import { healthGate } from "./health.ts";
import { pathTo, runningState } from "./phase.ts";
import { auditDeployment, moveDeployment } from "./record.ts";
import { loadRun, loadStates, type Run } from "./run.ts";
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
    for (;;) {
      signal.throwIfAborted();
      const again = await turn(await loadRun(id), signal);
      if (again !== 0) return again;
    }
  } catch (error) {
    // Somebody cancelled, or another worker was faster: look at the new world.
    if (error instanceof AppError && error.code === "VERSION_CONFLICT") return 1;
    throw error;
  }
}

/** One turn; 0 asks for the next at once. */
async function turn(run: Run, signal: AbortSignal): Promise<number | null> {
  if (run.state === "failed" && run.cause?.rollback?.state === "due") return undoByPolicy(run);
  if (run.state !== "scheduled" && !ACTIVE_DEPLOYMENTS.includes(run.state)) return null;
  if (run.cancelRequestedAt) {
    await withdrawAll(run, signal);
    await finishCancelled(await loadRun(run.id));
    return null;
  }
  if (run.state === "scheduled") return startScheduled(run);
  if (run.state === "queued") return run.pausedAt ? REST_SECONDS : begin(run);
  await compareFailures(run, signal);
  const next = nextOf(waveFacts(run, new Date()));
  if (next.do === "hold") {
    await settle(run.id);
    return next.seconds ?? REST_SECONDS;
  }
  if (next.do === "succeed") {
    await settle(run.id);
    await finishSucceeded(await loadRun(run.id));
    return null;
  }
  if (next.do === "fail") {
    const told = run.targets.find(({ id }) => id === next.target)?.cause;
    await finishFailed(run, told ?? { code: "UNKNOWN", message: "a target failed" });
    return 0;
  }
  if (next.do === "begin") {
    const again = await healthGate(run, next.healthy, signal);
    if (again !== null) return again;
  }
  const waits = await together(
    next.targets.map((id) => () => advanceTarget(run.id, id, signal, () => settle(run.id))),
    signal,
  );
  const longest = waits.filter((wait) => wait !== null);
  return longest.length > 0 ? Math.min(...longest) : 0;
}

/** Brings the deployment's own state to what its targets say. */
async function settle(id: string): Promise<void> {
  for (;;) {
    const now = await loadStates(id);
    if (!ACTIVE_DEPLOYMENTS.includes(now.state) || now.state === "queued") return;
    const [next] = pathTo(now.state, runningState(now.targets));
    if (!next) return;
    try {
      const run = await loadRun(id);
      await db.$transaction((tx) => moveDeployment(tx, { ...run, ...now }, next));
    } catch (error) {
      // A target beside this one settled it at the same time.
      if (error instanceof AppError && error.code === "VERSION_CONFLICT") continue;
      throw error;
    }
  }
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
    await db.$transaction(async (tx) => {
      await moveDeployment(tx, run, "cancelled", { ended: true, cause });
      await tx.deploymentTarget.updateMany({ where: { deploymentId: run.id }, data: { state: "cancelled" } });
      await auditDeployment(tx, run, null, "refuse", { blockers });
    });
    return null;
  }
  try {
    await db.$transaction(async (tx) => {
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
  const components = await db.component.findMany({
    where: { projectId: run.project.id },
    select: { key: true, registryId: true },
  });
  return lookAtImages(run.plan.inputs.images, (key) => components.find((one) => one.key === key)?.registryId);
}

async function begin(run: Run): Promise<number | null> {
  const [{ blockers }, images] = await Promise.all([blockersNow(run), imagesNow(run)]);
  // What nobody can confirm is not deployed; a rollback in need does not wait for a registry that is away.
  const doubtful = images.blockers.filter(({ code }) => code === "IMAGE_MISSING" || run.kind === "deploy");
  const found = [...blockers.filter(({ code }) => !OWN_DOING.includes(code)), ...doubtful];
  const [first] = found;
  if (first) {
    const message = `refused before anything was touched: ${found.map((blocker) => blocker.message).join("; ")}`;
    await finishFailed(run, { code: first.code, message, facts: first.facts });
    return 0;
  }
  await db.$transaction(async (tx) => {
    await moveDeployment(tx, run, "applying", { started: run.startedAt === null });
    await auditDeployment(tx, run, null, "begin", { plan: run.plan.digest, attempt: run.attempt });
  });
  return 0;
}
