import { jobPath } from "../job-view.ts";
import type { Build, Job, Stage } from "../model.ts";
import { newestFirst } from "../model.ts";
import type { Json } from "../tree.ts";

const STATUS = { SUCCESS: "SUCCESS", FAILURE: "FAILED", ABORTED: "ABORTED" } as const;
/** `runs` lists at most this many. */
const LISTED_RUNS = 10;

function stageModel(path: string, stage: Stage): Json {
  return {
    _links: { self: { href: `${path}/execution/node/${stage.id}/wfapi/describe` } },
    id: String(stage.id),
    name: stage.name,
    execNode: "",
    status: stage.status,
    ...(stage.error ? { error: stage.error } : {}),
    startTimeMillis: stage.startedAt,
    durationMillis: stage.duration ?? Date.now() - stage.startedAt,
    pauseDurationMillis: 0,
  };
}

/** A Pipeline build with its stages, as `wfapi/describe` answers it. */
export function describeRun(job: Job, build: Build): Json {
  const path = `${jobPath(job.name)}/${build.number}`;
  const duration = build.result === null ? Date.now() - build.startedAt : build.duration;
  return {
    _links: {
      self: { href: `${path}/wfapi/describe` },
      ...(build.artifacts.length > 0 ? { artifacts: { href: `${path}/wfapi/artifacts` } } : {}),
    },
    id: String(build.number),
    name: `#${build.number}`,
    status: build.result === null ? "IN_PROGRESS" : STATUS[build.result],
    startTimeMillis: build.startedAt,
    endTimeMillis: build.startedAt + duration,
    durationMillis: duration,
    queueDurationMillis: 2,
    pauseDurationMillis: 0,
    stages: (build.pipeline?.stages ?? []).map((stage) => stageModel(path, stage)),
  };
}

/** The newest builds of a Pipeline, as `wfapi/runs` answers them. */
export function describeRuns(job: Job): Json {
  return newestFirst(job)
    .slice(0, LISTED_RUNS)
    .map((build) => describeRun(job, build));
}
