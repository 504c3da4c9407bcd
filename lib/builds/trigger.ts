import { z } from "zod";
import type { BuildServer } from "#lib/adapters/ports.ts";
import { db } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import { endBuild } from "./finish.ts";
import { judgeUndeclared, sentParameters } from "./parameters.ts";
import { waitFor } from "./progress.ts";
import { causeOfRefusal } from "./refused.ts";
import type { BuildRow } from "./row.ts";
import type { Cause } from "./schema.ts";
import { readSecrets } from "./secrets.ts";
import { takeSlot } from "./slot.ts";
import { LOOK_SECONDS, secondsToWait, waitOfFailure } from "./wait.ts";

const refusedSchema = z.object({ outcome: z.literal("refused") });

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
  const judged = await askDeclared(build, server, sent, signal);
  if ("over" in judged) return judged.over;
  const parameters = { ...build.parameters, secrets: secrets.versions, dropped: judged.dropped };
  signal.throwIfAborted();
  const slot = await takeSlot(build, { ...parameters, sends: parameters.sends + 1 });
  if (slot.state === "moved") return 0;
  if (slot.state === "full") {
    await waitFor(build, slot.wait);
    return secondsToWait(slot.wait);
  }
  try {
    const { queueId } = await server.trigger({ parameters: sent }, { signal });
    await db.build.updateMany({
      where: { id: build.id, state: "queued" },
      data: { queueId, version: { increment: 1 } },
    });
    await waitFor(build, null);
    return LOOK_SECONDS;
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const refused = refusedSchema.safeParse(error.details).success;
    if (refused && !error.retryable) return refuse(build, causeOfRefusal(error, build.buildServer.key));
    if (refused) {
      await db.build.updateMany({
        where: { id: build.id, state: "queued", queueId: null },
        data: { triggerSentAt: null, parameters, version: { increment: 1 } },
      });
    }
    return later(build, error);
  }
}

/** What the job does not declare the build server drops without a word, so it is asked before. */
async function askDeclared(
  build: BuildRow,
  server: BuildServer,
  sent: Record<string, string>,
  signal: AbortSignal,
): Promise<{ dropped: string[] } | { over: number | null }> {
  try {
    const undeclared = await server.undeclaredParameters(Object.keys(sent), { signal });
    const { missing, dropped } = judgeUndeclared(undeclared, sent);
    if (missing.length === 0) return { dropped };
    const names = missing.join(", ");
    const facts = { server: build.buildServer.key, names };
    return { over: await refuse(build, { code: "PARAMETERS_UNDECLARED", message: names, facts }) };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    if (!error.retryable) return { over: await refuse(build, causeOfRefusal(error, build.buildServer.key)) };
    return { over: await later(build, error) };
  }
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
