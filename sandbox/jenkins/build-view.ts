import type { Build, Job, JobKind, ParameterValue } from "./model.ts";
import { estimatedDuration } from "./model.ts";
import type { Json } from "./tree.ts";

/** What a build answers without a `tree` query. */
export const BUILD_TREE =
  "actions[parameters[name,value],causes[shortDescription,userId,userName]]," +
  "artifacts[displayPath,fileName,relativePath],building,description,displayName,duration," +
  "estimatedDuration,executor,fullDisplayName,id,inProgress,keepLog,number,queueId,result,timestamp,url," +
  "builtOn,changeSet[items,kind],changeSets,culprits,nextBuild[number,url],previousBuild[number,url]";

export function parametersAction(parameters: ParameterValue[]): Json[] {
  if (parameters.length === 0) return [];
  return [
    {
      _class: "hudson.model.ParametersAction",
      parameters: parameters.map((parameter) => ({
        _class: `hudson.model.${parameter.kind}ParameterValue`,
        name: parameter.name,
        // The value of a password parameter is not exported.
        ...(parameter.kind === "Password" ? {} : { value: parameter.value }),
      })),
    },
  ];
}

export function causeAction(startedBy: string[]): Json {
  return {
    _class: "hudson.model.CauseAction",
    causes: startedBy.map((user) => ({
      _class: "hudson.model.Cause$UserIdCause",
      shortDescription: `Started by user ${user}`,
      userId: user,
      userName: user,
    })),
  };
}

function artifact(path: string): Json {
  return { displayPath: path, fileName: path.split("/").at(-1) ?? path, relativePath: path };
}

const BUILD_CLASSES: Record<JobKind, string> = {
  freestyle: "hudson.model.FreeStyleBuild",
  pipeline: "org.jenkinsci.plugins.workflow.job.WorkflowRun",
};

export const buildClass = (job: Job): string => BUILD_CLASSES[job.kind];

const buildUrl = (root: string, job: Job, number: number): string =>
  `${root}job/${job.name.split("/").map(encodeURIComponent).join("/job/")}/${number}/`;

/** Actions without exported data are empty objects. */
function otherActions(job: Job, build: Build): Json[] {
  const interrupted = build.result === "ABORTED" ? [{ _class: "jenkins.model.InterruptedBuildAction" }] : [];
  const page = { _class: "org.jenkinsci.plugins.displayurlapi.actions.RunDisplayAction" };
  if (job.kind === "freestyle") return [...interrupted, {}, page];
  const plugins = "org.jenkinsci.plugins";
  return [
    { _class: `${plugins}.workflow.libs.LibrariesAction` },
    {},
    ...interrupted,
    {},
    page,
    { _class: `${plugins}.pipeline.modeldefinition.actions.RestartDeclarativePipelineAction` },
    {},
    { _class: `${plugins}.workflow.job.views.FlowGraphAction` },
    {},
  ];
}

/** What the two kinds of builds have after the rest. A Pipeline's steps may run on several nodes: it has no `builtOn`. */
function ownKeys(root: string, job: Job, build: Build): { [key: string]: Json } {
  const running = build.result === null;
  if (job.kind === "freestyle") {
    return {
      builtOn: "",
      changeSet: { _class: "hudson.scm.EmptyChangeLogSet", items: [], kind: null },
      culprits: [],
    };
  }
  const numbers = [...job.builds.keys()].sort((a, b) => a - b);
  const neighbour = (number: number | undefined): Json =>
    number === undefined ? null : { number, url: buildUrl(root, job, number) };
  const at = numbers.indexOf(build.number);
  return {
    changeSets: [],
    culprits: [],
    inProgress: running,
    nextBuild: neighbour(numbers[at + 1]),
    previousBuild: neighbour(numbers[at - 1]),
  };
}

function executorOf(job: Job, build: Build): Json {
  if (build.result !== null) return null;
  return job.kind === "pipeline" ? { _class: "hudson.model.OneOffExecutor" } : {};
}

/** The whole build model; `root` is the server's URL with a slash at its end. */
export function buildModel(root: string, job: Job, build: Build): { [key: string]: Json } {
  const running = build.result === null;
  return {
    _class: buildClass(job),
    actions: [
      ...parametersAction(build.parameters),
      causeAction(build.startedBy),
      ...otherActions(job, build),
    ],
    artifacts: build.artifacts.map(artifact),
    building: running,
    description: null,
    displayName: `#${build.number}`,
    duration: build.duration,
    get estimatedDuration() {
      return estimatedDuration(job);
    },
    executor: executorOf(job, build),
    fullDisplayName: `${job.name.split("/").join(" » ")} #${build.number}`,
    id: String(build.number),
    ...(job.kind === "freestyle" ? { inProgress: running } : {}),
    keepLog: false,
    number: build.number,
    queueId: build.queueId,
    result: build.result,
    timestamp: build.startedAt,
    url: buildUrl(root, job, build.number),
    ...ownKeys(root, job, build),
  };
}
