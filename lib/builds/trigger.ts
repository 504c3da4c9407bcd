import { z } from "zod";
import type { BuildServer } from "#lib/adapters/ports.ts";
import { db } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { endBuild } from "./finish.ts";
import { sentParameters } from "./parameters.ts";
import { waitFor } from "./progress.ts";
import type { BuildRow } from "./row.ts";
import { readSecrets } from "./secrets.ts";

const refusedSchema = z.object({ outcome: z.literal("refused") });

/**
 * Starts the job, at most once: that it was sent is on record before it is, so a successor of a killed worker looks
 * for the attempt instead of sending again. A refusal is no send; an answer that was lost leaves the record as it is.
 */
export async function sendTrigger(build: BuildRow, server: BuildServer, signal: AbortSignal): Promise<void> {
  const secrets = await readSecrets(build.item.component.id);
  const parameters = { ...build.parameters, secrets: secrets.versions };
  signal.throwIfAborted();
  const { count } = await db.build.updateMany({
    where: { id: build.id, version: build.version, state: "queued", triggerSentAt: null },
    data: {
      triggerSentAt: await databaseTime(db),
      parameters: { ...parameters, sends: parameters.sends + 1 },
      version: { increment: 1 },
    },
  });
  if (count === 0) return;
  try {
    const { queueId } = await server.trigger(
      { parameters: sentParameters(parameters, secrets.values) },
      { signal },
    );
    await db.build.updateMany({
      where: { id: build.id, state: "queued" },
      data: { queueId, queueReason: null, version: { increment: 1 } },
    });
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const refused = refusedSchema.safeParse(error.details).success;
    if (refused && !error.retryable) {
      const cause = {
        code: "BUILD_SERVER_REFUSED",
        message: error.message,
        facts: { failure: error.failure },
      };
      await endBuild(build, { state: "failed", cause, build: null, artifact: null });
      return;
    }
    if (refused) {
      await db.build.updateMany({
        where: { id: build.id, state: "queued", queueId: null },
        data: { triggerSentAt: null, parameters, version: { increment: 1 } },
      });
    }
    await waitFor(build, `UNREACHABLE: ${error.message}`);
  }
}

/** Nothing of it arrived: the next look sends again, with the same attempt id. */
export async function forgetTrigger(build: BuildRow): Promise<void> {
  await db.build.updateMany({
    where: { id: build.id, version: build.version, state: "queued", queueId: null, number: null },
    data: { triggerSentAt: null, version: { increment: 1 } },
  });
}
