import type Jenkins from "jenkins";
import { AdapterError } from "#lib/errors.ts";
import type { BuildTrigger, CallOptions } from "../ports.ts";
import type { Call } from "./client.ts";
import { answerOf } from "./failure.ts";

type Triggered = { queueId: number; merged: boolean };

function queueIdOf(location: string | undefined): number {
  const id = /\/queue\/item\/(\d+)\/?$/.exec(location ?? "")?.[1];
  if (id === undefined) throw new AdapterError("broken", "trigger: the answer names no queue item");
  return Number(id);
}

async function trigger(
  jenkins: Jenkins,
  name: string,
  parameters: Record<string, string>,
): Promise<Triggered> {
  try {
    // Without the delay Jenkins holds an item back for its quiet period.
    const queueId = await jenkins.job.build({ name, parameters, delay: "0sec" });
    if (typeof queueId === "number" && queueId > 0) return { queueId, merged: false };
  } catch (error) {
    // 303: an item with the same parameters waits already; the client takes that for a failure.
    const answer = answerOf(error);
    if (answer?.statusCode !== 303) throw error;
    return { queueId: queueIdOf(answer.headers.location), merged: true };
  }
  throw new AdapterError("broken", "trigger: the answer names no queue item");
}

/**
 * Starts the job.
 * @throws {AdapterError} with `details.outcome` = `"unknown"` when Jenkins may have queued the build nevertheless
 * (no answer, or none that can be read), `"refused"` otherwise.
 */
export async function triggerBuild(
  call: Call,
  name: string,
  input: BuildTrigger,
  options: CallOptions,
): Promise<Triggered> {
  try {
    return await call(`trigger ${name}`, options, (jenkins) => trigger(jenkins, name, input.parameters));
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const refused = neverSent(error) || (error.status !== undefined && error.status !== 500);
    throw new AdapterError(error.failure, error.message, {
      retryable: error.retryable,
      status: error.status,
      details: {
        ...(isRecord(error.details) ? error.details : {}),
        outcome: refused ? "refused" : "unknown",
      },
      cause: error.cause,
    });
  }
}

function neverSent(error: AdapterError): boolean {
  const cause = error.cause;
  if (!isRecord(cause)) return false;
  return ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"].includes(String(cause.code));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
