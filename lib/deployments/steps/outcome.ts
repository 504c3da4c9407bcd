import type { Cluster } from "#lib/adapters/ports.ts";
import type { PlanManifests } from "#lib/plans/content.ts";
import type { CauseInput, Progress, StepDetail } from "../content.ts";
import type { Run, StepRun, TargetRun } from "../run.ts";

/** What one look at a step came to. `wait`: look again after so many seconds. */
export type Outcome =
  | { done: true; detail?: StepDetail; progress?: Progress }
  | { failed: CauseInput; detail?: StepDetail; progress?: Progress }
  /** `detail`: what is known so far; kept, so that a worker that takes over goes on from it. */
  | { wait: number; detail?: StepDetail; progress?: Progress };

export type StepInput = {
  run: Run;
  target: TargetRun;
  step: StepRun;
  plan: PlanManifests["targets"][number];
  client: Cluster;
  signal: AbortSignal;
  /** Set by the worker that has just begun the step: when, by `performance.now()`. Nothing of it was done before. */
  begunAt?: number | undefined;
  /** The workloads as the step before saw them when it ended; set with `begunAt`. */
  seen?: Progress | undefined;
};

/**
 * Seconds until a step is looked at again: soon after it began, for what is there at once, then less and less often.
 * @param most seconds at most
 */
export function lookAgain({ step }: Pick<StepInput, "step">, most = 1): number {
  const going = step.startedAt ? (Date.now() - step.startedAt.getTime()) / 1000 : 0;
  return Math.min(Math.max(going / 4, 0.1), most);
}

export const objectName = (object: { kind: string; metadata: { name: string } }): string =>
  `${object.kind} ${object.metadata.name}`;
