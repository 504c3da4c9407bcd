import { z } from "zod";
import { AdapterError } from "#lib/errors.ts";
import type { BuildStage } from "../ports.ts";

const stageSchema = z.object({
  name: z.string(),
  status: z.string(),
  startTimeMillis: z.number().nullish(),
  durationMillis: z.number().nullish(),
  error: z.object({ message: z.string().nullish(), type: z.string().nullish() }).nullish(),
});
type Stage = z.infer<typeof stageSchema>;
const describeSchema = z.object({ stages: z.array(stageSchema) });

const STATE_OF_STATUS: Record<string, BuildStage["state"]> = {
  SUCCESS: "succeeded",
  FAILED: "failed",
  // As for a build: its steps passed, what they found did not.
  UNSTABLE: "failed",
  ABORTED: "aborted",
  IN_PROGRESS: "running",
  QUEUED: "running",
  PAUSED_PENDING_INPUT: "paused",
  NOT_EXECUTED: "skipped",
};

/** A stage that was passed over takes no longer than this. */
const SKIPPED_WITHIN_MS = 1000;

/**
 * A stage after the one that failed says `FAILED` too, with the same error, although nothing of it ran: it ends at
 * once. (One that really failed alike within the second is taken for skipped as well; the build's state is the same.)
 */
function passedOver(stage: Stage, before: readonly Stage[]): boolean {
  if (stage.error === null || stage.error === undefined) return false;
  if ((stage.durationMillis ?? 0) >= SKIPPED_WITHIN_MS) return false;
  const { message, type } = stage.error;
  return before.some(
    ({ error, status }) => status === stage.status && error?.message === message && error?.type === type,
  );
}

/** @throws {AdapterError} `broken`, not retryable, for a status that the table does not know. */
export function parseStages(body: unknown): BuildStage[] {
  const { stages } = describeSchema.parse(body);
  return stages.map((stage, index) => {
    const state = passedOver(stage, stages.slice(0, index)) ? "skipped" : STATE_OF_STATUS[stage.status];
    if (state === undefined) {
      throw new AdapterError("broken", `unknown status of stage ${stage.name}: ${stage.status}`, {
        retryable: false,
      });
    }
    return {
      name: stage.name,
      state,
      startedAt: stage.startTimeMillis ? new Date(stage.startTimeMillis) : null,
      durationMs: stage.durationMillis ?? null,
    };
  });
}
