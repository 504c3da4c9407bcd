import { loadActor } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import type { BuildServer } from "#lib/adapters/ports.ts";
import { takeArtifact } from "#lib/artifacts/take.ts";
import { buildServerOf, connectRegistry } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import { databaseTime } from "#lib/stages/time.ts";
import {
  type BuildFacts,
  decideBuild,
  type Ending,
  nextQuestion,
  type Question,
  type Seen,
  type Step,
} from "./decide.ts";
import { failureLine } from "./failure-line.ts";
import { endBuild } from "./finish.ts";
import { copyLog } from "./log.ts";
import { noteStages } from "./pipeline-stages.ts";
import { markRunning, noteMissing, noteRecord, stopBuild, waitFor } from "./progress.ts";
import { type BuildRow, loadBuild } from "./row.ts";
import { causeOfSuperseding } from "./supersede.ts";
import { forgetTrigger, sendTrigger } from "./trigger.ts";
import {
  LOG_SECONDS,
  LOOK_SECONDS,
  QUIET_LOG_SECONDS,
  SOON_SECONDS,
  secondsToWait,
  type Wait,
  waitOfFailure,
} from "./wait.ts";

/** Builds that want a worker. */
export async function unfinishedBuilds(): Promise<string[]> {
  const rows = await db.build.findMany({
    where: { state: { in: ["queued", "running"] } },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/**
 * One look at a build and at most one effect on the build server. Nothing is kept in memory between two calls.
 * @param signal aborts when this worker may no longer act
 * @returns seconds until the next look; null when the build is over
 */
export async function handleBuildJob(buildId: string, signal: AbortSignal): Promise<number | null> {
  const build = await loadBuild(buildId);
  if (!build || (build.state !== "queued" && build.state !== "running")) return null;
  const facts = await factsOf(build);
  const server = buildServerOf(build.buildServer);
  try {
    let step = decideBuild(facts, await look(nextQuestion(facts), build, server, signal));
    if (step.do === "ask_attempt") {
      step = decideBuild(facts, await look({ ask: "attempt" }, build, server, signal));
    }
    signal.throwIfAborted();
    if (build.missingSince && !isMissing(step)) await noteMissing(build, null);
    return await take(step, build, server, signal);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const wait = waitOfFailure(error);
    await waitFor(build, wait);
    return secondsToWait(wait);
  }
}

async function factsOf(build: BuildRow): Promise<BuildFacts> {
  const { number, triggerSentAt, abortRequestedAt, missingSince } = build;
  // Of a build that is known to run nothing depends on the time: that is most looks.
  const timed = number === null ? triggerSentAt : (abortRequestedAt ?? missingSince);
  const now = timed ? (await databaseTime(db)).getTime() : Date.now();
  const ago = (at: Date | null) => at && Math.max(0, now - at.getTime());
  return {
    state: build.state,
    sentAgoMs: ago(triggerSentAt),
    sends: build.parameters.sends,
    queueId: build.queueId,
    number,
    abortAgoMs: ago(abortRequestedAt),
    superseded: build.supersededById !== null,
    stopSent: build.cause?.facts.stopSent === 1,
    logComplete: build.logComplete,
    serverDisabled: build.buildServer.disabledAt !== null,
    missingAgoMs: ago(missingSince),
    mayTrigger: triggerSentAt !== null || (await mayTrigger(build)),
  };
}

/** Rights are asked again when the job starts: whoever lost the role since the click builds nothing. */
async function mayTrigger(build: BuildRow): Promise<boolean> {
  const actor = await loadActor(build.triggeredById);
  return actor !== null && can(actor.rights, "release.write", build.item.component.project.id);
}

async function look(
  question: Question,
  build: BuildRow,
  server: BuildServer,
  signal: AbortSignal,
): Promise<Seen> {
  try {
    switch (question.ask) {
      case "nothing":
        return { about: "nothing" };
      case "queue":
        return { about: "queue", ...(await lookAtQueue(question.queueId, server, signal)) };
      case "attempt":
        return { about: "attempt", found: await server.findAttempt(build.attemptId, { signal }) };
      case "build":
        return { about: "build", build: await server.build(question.number, { signal }) };
    }
  } catch (error) {
    if (error instanceof AdapterError) return { about: "failed", wait: waitOfFailure(error) };
    throw error;
  }
}

async function lookAtQueue(queueId: number, server: BuildServer, signal: AbortSignal) {
  const item = await server.queueItem(queueId, { signal });
  const lines = item.state === "waiting" && item.why !== "quiet";
  return { item, ahead: lines ? await server.queuePosition(queueId, { signal }) : null };
}

/** The build server shows no trace of it, and is asked again. */
const isMissing = (step: Step) =>
  step.do === "miss" || (step.do === "wait" && step.wait?.why === "SEARCHING");

async function take(
  step: Step,
  build: BuildRow,
  server: BuildServer,
  signal: AbortSignal,
): Promise<number | null> {
  switch (step.do) {
    case "trigger":
      return sendTrigger(build, server, signal);
    case "rest":
      return LOOK_SECONDS;
    case "resend":
      await forgetTrigger(build);
      return 0;
    case "note":
      await noteRecord(build, step);
      return 0;
    case "wait":
      await waitFor(build, step.wait);
      return step.wait ? secondsToWait(step.wait) : LOOK_SECONDS;
    case "miss":
      await noteMissing(build, await databaseTime(db));
      return LOOK_SECONDS;
    case "cancel_queued":
      await server.cancelQueueItem(step.queueId, { signal });
      return 0;
    case "mark_running":
      await markRunning(build, step.build);
      return 0;
    case "stop":
      await stopBuild(build, step.number, server, signal);
      return 1;
    case "read_log": {
      const gained = await copyLog(build, step, server, signal);
      if (gained || build.logOffset === 0) await noteStages(build, step.number, server, signal);
      await waitFor(build, null);
      if (step.ended) return SOON_SECONDS;
      return gained ? LOG_SECONDS : QUIET_LOG_SECONDS;
    }
    case "take_result":
      return takeResult(build, step.build, server, signal);
    case "end":
      await endBuild(build, {
        ...step,
        state: step.ending.state,
        cause: await causeOf(step.ending, build),
        artifact: null,
      });
      return null;
    default:
      return null;
  }
}

async function takeResult(
  build: BuildRow,
  seen: Extract<Step, { do: "take_result" }>["build"],
  server: BuildServer,
  signal: AbortSignal,
): Promise<number | null> {
  const { values } = build.parameters;
  const expected = { attemptId: build.attemptId, commit: values.GIT_COMMIT ?? "", image: values.IMAGE ?? "" };
  const registry = await connectRegistry(build.item.component.registryId);
  const others = await db.build.count({
    where: {
      itemId: build.item.id,
      id: { not: build.id },
      OR: [{ triggerSentAt: { not: null } }, { parameters: { path: ["sends"], gt: 0 } }],
    },
  });
  const from = { number: seen.number, sole: others === 0, server, registry, signal };
  const taken = await takeArtifact(expected, from);
  if (!taken.ok && taken.state === "waiting") {
    const wait: Wait = { why: "REGISTRY", reason: taken.message, ahead: null };
    await waitFor(build, wait);
    return secondsToWait(wait);
  }
  if (taken.ok)
    await endBuild(build, { state: "succeeded", cause: null, build: seen, artifact: taken.artifact });
  else {
    const cause = { code: taken.code, message: taken.code, facts: taken.facts };
    await endBuild(build, { state: taken.state, cause, build: seen, artifact: null });
  }
  return null;
}

async function causeOf(ending: Ending, build: BuildRow) {
  const { code } = ending;
  if (code === "SUPERSEDED" && build.supersededById) return causeOfSuperseding(db, build.supersededById);
  // The name of who asked was written down with the request.
  if (code === "ABORTED_BY_PERSON" && build.cause) {
    const { stopSent: _, ...facts } = build.cause.facts;
    return { ...build.cause, facts };
  }
  // Its text quotes a line, so there has to be one.
  const line = code === "BUILD_FAILED" ? ((await failureLine(build.id)) ?? "FAILURE") : null;
  return {
    code,
    message: line ?? code,
    facts: { ...(line ? { line } : {}), ...(build.number ? { number: build.number } : {}) },
  };
}
