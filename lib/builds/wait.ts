import type { QueueItemState } from "../adapters/ports.ts";
import type { AdapterFailure } from "../errors.ts";

/**
 * Why a build does not go on. Of the build server's queue: its quiet period, another build of the job, no free executor
 * (`STUCK`: for long), about to shut down. Of the portal: the project's cap, a server that is disabled here, an answer
 * to the trigger that is not there yet, a registry that cannot be asked for the image. And why the server cannot be asked.
 */
export const WAIT_CODES = [
  "QUIET",
  "BLOCKED",
  "BUILDABLE",
  "STUCK",
  "SHUTTING_DOWN",
  "PROJECT_CAP",
  "SERVER_DISABLED",
  "REGISTRY",
  "SEARCHING",
  "STARTING",
  "UNREACHABLE",
  "UNAUTHORIZED",
  "FORBIDDEN",
  "JOB_MISSING",
  "THROTTLED",
  "BROKEN",
] as const;
type WaitCode = (typeof WAIT_CODES)[number];
export type Wait = {
  why: WaitCode;
  /** In the words of whoever keeps it waiting; may be empty. */
  reason: string;
  /** How many are before it, where that is known. */
  ahead: number | null;
};

const OF_FAILURE: Record<AdapterFailure, WaitCode> = {
  unreachable: "UNREACHABLE",
  unauthorized: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  missing: "JOB_MISSING",
  conflict: "BROKEN",
  invalid: "BROKEN",
  throttled: "THROTTLED",
  broken: "BROKEN",
};

/** A server that could not be asked. 503 is what Jenkins says while it starts, and a proxy that has no server behind it. */
export const waitOfFailure = (error: {
  failure: AdapterFailure;
  message: string;
  status?: number | undefined;
}): Wait => ({
  why: error.status === 503 ? "STARTING" : OF_FAILURE[error.failure],
  reason: error.message,
  ahead: null,
});

const OF_QUEUE: Record<Extract<QueueItemState, { state: "waiting" }>["why"], WaitCode> = {
  quiet: "QUIET",
  blocked: "BLOCKED",
  buildable: "BUILDABLE",
  stuck: "STUCK",
  shutting_down: "SHUTTING_DOWN",
};
/** An item that waits in the server's queue. */
export const waitOfItem = (
  item: Extract<QueueItemState, { state: "waiting" }>,
  ahead: number | null,
): Wait => ({ why: OF_QUEUE[item.why], reason: item.reason, ahead });

/** Seconds until the next look at a build of which nothing is known yet. */
export const LOOK_SECONDS = 0.4;
/** Until the log of a running build is read again, when it grew and when it did not; the end is told by watch.ts. */
export const LOG_SECONDS = 0.8;
export const QUIET_LOG_SECONDS = 1.6;
/** At what has ended and is read to its end. */
export const SOON_SECONDS = 0.02;

/** Seconds until the next look at a build that waits: with many before it there is nothing to see soon. */
export function secondsToWait({ why, ahead }: Wait): number {
  if (why === "PROJECT_CAP" || why === "SERVER_DISABLED") return 3;
  if (why === "UNAUTHORIZED" || why === "FORBIDDEN" || why === "JOB_MISSING") return 3;
  // That it leaves the queue is told by watch.ts; this is for its place in it.
  if (ahead !== null && ahead >= 20) return 3;
  return ahead !== null && ahead >= 5 ? 1.5 : LOOK_SECONDS;
}
