import type { Build, Job, ParameterValue } from "./model.ts";
import { estimatedDuration } from "./model.ts";
import type { Json } from "./tree.ts";

/** What a build answers without a `tree` query. */
export const BUILD_TREE =
  "actions[parameters[name,value],causes[shortDescription,userId,userName]]," +
  "artifacts[displayPath,fileName,relativePath],building,description,displayName,duration," +
  "estimatedDuration,executor,fullDisplayName,id,inProgress,keepLog,number,queueId,result,timestamp,url," +
  "builtOn,changeSet[items,kind],culprits";

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

/** The whole build model; `root` is the server's URL with a slash at its end. */
export function buildModel(root: string, job: Job, build: Build): { [key: string]: Json } {
  return {
    _class: "hudson.model.FreeStyleBuild",
    actions: [
      ...parametersAction(build.parameters),
      causeAction(build.startedBy),
      ...(build.result === "ABORTED" ? [{ _class: "jenkins.model.InterruptedBuildAction" }] : []),
      // Actions without exported data are empty objects.
      {},
      { _class: "org.jenkinsci.plugins.displayurlapi.actions.RunDisplayAction" },
    ],
    artifacts: build.artifacts.map(artifact),
    building: build.result === null,
    description: null,
    displayName: `#${build.number}`,
    duration: build.duration,
    get estimatedDuration() {
      return estimatedDuration(job);
    },
    executor: build.result === null ? {} : null,
    fullDisplayName: `${job.name} #${build.number}`,
    id: String(build.number),
    inProgress: build.result === null,
    keepLog: false,
    number: build.number,
    queueId: build.queueId,
    result: build.result,
    timestamp: build.startedAt,
    url: `${root}job/${encodeURIComponent(job.name)}/${build.number}/`,
    builtOn: "",
    changeSet: { _class: "hudson.scm.EmptyChangeLogSet", items: [], kind: null },
    culprits: [],
  };
}
