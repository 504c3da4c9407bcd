/** The words of the build server: jobs, builds and queue items as they are kept and persisted. */

export const PARAMETER_KINDS = ["String", "Text", "Password"] as const;
export type ParameterKind = (typeof PARAMETER_KINDS)[number];

export interface ParameterDefinition {
  kind: ParameterKind;
  name: string;
  defaultValue: string;
  description: string | null;
}

export interface ParameterValue {
  kind: ParameterKind;
  name: string;
  value: string;
}

export type BuildResult = "SUCCESS" | "FAILURE" | "ABORTED";

export interface Build {
  number: number;
  queueId: number;
  parameters: ParameterValue[];
  /** One user name per trigger; merged triggers add theirs. */
  startedBy: string[];
  /** Epoch milliseconds. */
  startedAt: number;
  /** Milliseconds; 0 while the build runs. */
  duration: number;
  result: BuildResult | null;
  artifacts: string[];
}

export interface Job {
  name: string;
  description: string;
  /** The configuration as it was sent, given back by `config.xml`. */
  xml: string;
  concurrent: boolean;
  disabled: boolean;
  /** Seconds; null takes the server's quiet period. */
  quietPeriod: number | null;
  parameters: ParameterDefinition[];
  nextBuildNumber: number;
  builds: Map<number, Build>;
}

export type QueueState = "waiting" | "blocked" | "buildable" | "left";

export interface QueueItem {
  id: number;
  job: string;
  parameters: ParameterValue[];
  startedBy: string[];
  state: QueueState;
  /** Epoch milliseconds at which the quiet period ends. */
  due: number;
  inQueueSince: number;
  /** Epoch milliseconds at which the quiet period was over; null while it is not. */
  buildableSince: number | null;
  /** Epoch milliseconds; null while the item is in the queue. */
  leftAt: number | null;
  cancelled: boolean;
  /** Number of the build that the item became. */
  executable: number | null;
}

/** A job's builds, newest first. */
export function newestFirst(job: Job): Build[] {
  return [...job.builds.values()].sort((a, b) => b.number - a.number);
}

/** Average duration in milliseconds of the last three successful builds, -1 where there is none. */
export function estimatedDuration(job: Job): number {
  const durations = newestFirst(job)
    .filter((build) => build.result === "SUCCESS")
    .slice(0, 3)
    .map((build) => build.duration);
  if (durations.length === 0) return -1;
  return Math.round(durations.reduce((sum, duration) => sum + duration, 0) / durations.length);
}
