import { AdapterError } from "#lib/errors.ts";
import type { BuildTrigger, CallOptions } from "../ports.ts";
import type { Client } from "./client.ts";
import { detailsOf } from "./failure.ts";

type Triggered = { queueId: number; merged: boolean };

function queueIdOf(location: string | null): number {
  const id = /\/queue\/item\/(\d+)\/?$/.exec(location ?? "")?.[1];
  if (id === undefined) throw new AdapterError("broken", "trigger: the answer names no queue item");
  return Number(id);
}

/**
 * Starts the job. 303: an item with the same parameters waits already, and is the one that is named.
 * @param jobPath path of the job, without a slash at the end
 * @throws {AdapterError} with `details.outcome` = `"unknown"` when Jenkins may have queued the build nevertheless
 * (no answer, or none that can be read), `"refused"` otherwise.
 */
export async function triggerBuild(
  client: Client,
  jobPath: string,
  { parameters }: BuildTrigger,
  options: CallOptions,
): Promise<Triggered> {
  try {
    // Without the delay Jenkins holds an item back for its quiet period.
    const post = { query: { delay: "0sec" }, form: parameters };
    const path = `${jobPath}/buildWithParameters`;
    const response = await client.post(`trigger ${jobPath}`, path, post, [201, 303], options);
    return { queueId: queueIdOf(response.headers.get("location")), merged: response.status === 303 };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    throw new AdapterError(error.failure, error.message, {
      retryable: error.retryable,
      status: error.status,
      details: { ...detailsOf(error), outcome: surelyRefused(error) ? "refused" : "unknown" },
      cause: error.cause,
    });
  }
}

/** A 5xx may come from a proxy that has passed the trigger on; a Jenkins that is starting takes none. */
function surelyRefused(error: AdapterError): boolean {
  const { reason } = detailsOf(error);
  if (error.status !== undefined) return error.status < 500 || reason === "starting";
  return ["connection_refused", "host_unknown", "certificate", "port_blocked"].includes(reason);
}
