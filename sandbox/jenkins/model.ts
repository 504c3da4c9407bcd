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

export const JOB_KINDS = ["freestyle", "pipeline"] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export type BuildResult = "SUCCESS" | "FAILURE" | "ABORTED";

/** A stage of a Pipeline build, as the Pipeline plugin tells of it. */
export interface Stage {
  id: number;
  name: string;
  status: "SUCCESS" | "FAILED" | "ABORTED" | "IN_PROGRESS";
  /** Why it failed; one that was passed over repeats the reason of the failed one. */
  error: { message: string | null; type: string } | null;
  /** Epoch milliseconds. */
  startedAt: number;
  /** Milliseconds; null while it runs. */
  duration: number | null;
}

/** What a Pipeline build has beside the rest, and needs to go on after a restart. */
export interface PipelineRun {
  workspace: string;
  stages: Stage[];
}

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
  /** Null for a freestyle build. */
  pipeline: PipelineRun | null;
}

export interface Job {
  name: string;
  kind: JobKind;
  description: string;
  /** The configuration as it was sent, given back by `config.xml`. */
  xml: string;
  concurrent: boolean;
  disabled: boolean;
  /** Seconds; null takes the server's quiet period. */
  quietPeriod: number | null;
  /** The label that a node must have; null takes any. */
  label: string | null;
  /** How many builds are kept; null keeps all. */
  keepBuilds: number | null;
  parameters: ParameterDefinition[];
  nextBuildNumber: number;
  builds: Map<number, Build>;
}

export type QueueState = "waiting" | "blocked" | "buildable" | "left";

export interface QueueItem {
  id: number;
  job: string;
  /** Number of the Pipeline build whose node step this is; null for a build that is to start. */
  stepOf: number | null;
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

/**
 * Average duration in milliseconds of up to three finished builds, -1 where there is none: the last successful one,
 * other successful ones of the last six, and where these are too few the failed ones among them.
 */
export function estimatedDuration(job: Job): number {
  const builds = newestFirst(job);
  const last = builds.find((build) => build.result === "SUCCESS");
  const recent = builds.slice(0, 6).filter((build) => build !== last);
  const candidates = [
    ...(last ? [last] : []),
    ...recent.filter((build) => build.result === "SUCCESS"),
    ...recent.filter((build) => build.result === "FAILURE"),
  ].slice(0, 3);
  if (candidates.length === 0) return -1;
  return Math.round(candidates.reduce((sum, { duration }) => sum + duration, 0) / candidates.length);
}
