import { z } from "zod";
import type { BuildServer } from "#lib/adapters/ports.ts";
import type { BuildServerRow } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import { endBuild } from "./finish.ts";
import { judgeUndeclared, type StoredParameters, sentParameters } from "./parameters.ts";
import { waitFor } from "./progress.ts";
import { causeOfRefusal } from "./refused.ts";
import { type BuildRow, loadBuild } from "./row.ts";
import type { Cause } from "./schema.ts";
import { readSecrets, sealSecrets } from "./secrets.ts";
import { takeSlot } from "./slot.ts";
import { LOOK_SECONDS, secondsToWait, waitOfFailure } from "./wait.ts";

/** A build whose sending is on record. */
export type Reserved = {
  id: string;
  server: BuildServerRow;
  /** When that was recorded. */
  at: Date;
  /** By `performance.now()` of this process: later it is not sent, because its record may count as lost by then. */
  before: number;
  /** As they are stored: with this sending counted, without the values of secrets. */
  parameters: StoredParameters;
  /** As they are sent. */
  sent: Record<string, string>;
};

/** Who put it on record sends within this time or never; with the time for an answer it is less than LOST_AFTER_MS. */
const SEND_WITHIN_MS = 5_000;
const ANSWER_WITHIN_MS = 20_000;
/** Until when what is put on record now may be sent. */
export const sendBefore = (): number => performance.now() + SEND_WITHIN_MS;

/**
 * Starts the job, at most once: that it was sent is on record before it is, so a successor of a killed worker looks
 * for the attempt instead of sending again. A refusal is no send, and one that no waiting mends ends the build; an
 * answer that was lost leaves the record as it is.
 * @returns seconds until the next look; null when the build is over
 */
export async function sendTrigger(
  build: BuildRow,
  server: BuildServer,
  signal: AbortSignal,
): Promise<number | null> {
  const secrets = await readSecrets(build.item.component.id);
  const sent = sentParameters(build.parameters, secrets.values);
  let dropped: string[];
  try {
    // Before a slot is taken: a build that its server keeps from the trigger wants none.
    dropped = await judge(sent, server, signal);
  } catch (error) {
    return giveUp(build, error);
  }
  signal.throwIfAborted();
  const sends = build.parameters.sends + 1;
  const parameters = { ...build.parameters, dropped, secrets: secrets.versions, sends };
  const before = sendBefore();
  const slot = await takeSlot(build, parameters, sealSecrets(build.attemptId, secrets.values));
  if (slot.state === "moved") return 0;
  if (slot.state === "full") {
    await waitFor(build, slot.wait);
    return secondsToWait(slot.wait);
  }
  const { id, buildServer } = build;
  const reserved = { id, server: buildServer, at: slot.at, before, parameters, sent };
  try {
    await send(reserved, server, signal);
  } catch (error) {
    return sendFailed(reserved, error);
  }
  await waitFor(build, null);
  return LOOK_SECONDS;
}

/** As `sendTrigger`, for what is on record already. */
export async function sendReserved(reserved: Reserved, server: BuildServer): Promise<void> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  let dropped: string[];
  try {
    dropped = await judge(reserved.sent, server, signal);
  } catch (error) {
    await notSent(reserved, error);
    return;
  }
  const parameters = { ...reserved.parameters, dropped };
  try {
    await send({ ...reserved, parameters }, server, signal);
  } catch (error) {
    await sendFailed(reserved, error);
  }
}

/** The job does not declare what a build cannot do without. */
class Undeclared extends Error {}

/**
 * What the job does not declare the build server drops without a word, so it is asked before.
 * @returns what it goes on without
 * @throws Undeclared; AdapterError
 */
async function judge(
  sent: Record<string, string>,
  server: BuildServer,
  signal: AbortSignal,
): Promise<string[]> {
  const undeclared = await server.undeclaredParameters(Object.keys(sent), { signal });
  const { missing, dropped } = judgeUndeclared(undeclared, sent);
  if (missing.length > 0) throw new Undeclared(missing.join(", "));
  return dropped;
}

/** The one place that sends. @throws AdapterError of the build server */
async function send(reserved: Reserved, server: BuildServer, signal: AbortSignal): Promise<void> {
  const { id, before, parameters, sent } = reserved;
  // A process that stood still may have been given up meanwhile, and somebody else may be sending.
  if (performance.now() > before) return;
  const { queueId } = await server.trigger({ parameters: sent }, { signal });
  await db.build.updateMany({
    where: { id, state: "queued", queueId: null },
    data: { queueId, ...(parameters.dropped.length > 0 ? { parameters } : {}), version: { increment: 1 } },
  });
}

const refusedSchema = z.object({ outcome: z.literal("refused") });

/** A refusal is no send; what else failed may have arrived, and is searched for. */
async function sendFailed(reserved: Reserved, error: unknown): Promise<number | null> {
  if (!(error instanceof AdapterError)) throw error;
  if (refusedSchema.safeParse(error.details).success) return notSent(reserved, error);
  const build = await loadBuild(reserved.id);
  return build && later(build, error);
}

/** Takes back what is on record, or ends the build where no waiting mends it. */
async function notSent(reserved: Reserved, error: unknown): Promise<number | null> {
  const { id, at } = reserved;
  const parameters = { ...reserved.parameters, sends: reserved.parameters.sends - 1 };
  const { count } = await db.build.updateMany({
    where: { id, state: "queued", triggerSentAt: at, queueId: null, number: null },
    data: { triggerSentAt: null, parameters, version: { increment: 1 } },
  });
  const build = await loadBuild(id);
  return count > 0 && build ? giveUp(build, error) : LOOK_SECONDS;
}

/** Why nothing was sent: it waits for that, or is over. */
async function giveUp(build: BuildRow, error: unknown): Promise<number | null> {
  const server = build.buildServer.key;
  if (error instanceof Undeclared) {
    const names = error.message;
    return refuse(build, { code: "PARAMETERS_UNDECLARED", message: names, facts: { server, names } });
  }
  if (!(error instanceof AdapterError)) throw error;
  return error.retryable ? later(build, error) : refuse(build, causeOfRefusal(error, server));
}

async function refuse(build: BuildRow, cause: Cause): Promise<null> {
  await endBuild(build, { state: "failed", cause, build: null, artifact: null });
  return null;
}

async function later(build: BuildRow, error: AdapterError): Promise<number> {
  const wait = waitOfFailure(error);
  await waitFor(build, wait);
  return Math.max(1, secondsToWait(wait));
}

/** Nothing of it arrived: the next look sends again, with the same attempt id. */
export async function forgetTrigger(build: BuildRow): Promise<void> {
  await db.build.updateMany({
    where: { id: build.id, version: build.version, state: "queued", queueId: null, number: null },
    data: { triggerSentAt: null, version: { increment: 1 } },
  });
}
