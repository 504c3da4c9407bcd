import { buildModel } from "./build-view.ts";
import type { Build, Job, JobKind } from "./model.ts";
import { newestFirst } from "./model.ts";
import type { Json } from "./tree.ts";

const BUILD = "[number,url]";
const DEFINITION = "description,name,type";

/** What a job answers without a `tree` query. */
export const JOB_TREE = [
  `actions[parameterDefinitions[defaultParameterValue[value],${DEFINITION}]]`,
  "description,displayName,displayNameOrNull,fullDisplayName,fullName,name,url,buildable",
  `builds${BUILD},color,firstBuild${BUILD}`,
  "healthReport[description,iconClassName,iconUrl,score],inQueue,keepDependencies",
  `lastBuild${BUILD},lastCompletedBuild${BUILD},lastFailedBuild${BUILD},lastStableBuild${BUILD}`,
  `lastSuccessfulBuild${BUILD},lastUnstableBuild${BUILD},lastUnsuccessfulBuild${BUILD},nextBuildNumber`,
  `property[parameterDefinitions[defaultParameterValue[name,value],${DEFINITION}]]`,
  "queueItem[blocked,buildable,id,inQueueSince,params,stuck,task[name,url],url,why,timestamp," +
    "buildableStartMilliseconds,pending]",
  "concurrentBuild,disabled,downstreamProjects,labelExpression,resumeBlocked,scm,upstreamProjects",
].join(",");

const JOB_CLASSES: Record<JobKind, string> = {
  freestyle: "hudson.model.FreeStyleProject",
  pipeline: "org.jenkinsci.plugins.workflow.job.WorkflowJob",
};

/** The name without its folders. */
export const shortName = (job: Job): string => job.name.split("/").at(-1) ?? job.name;

export const jobClass = (job: Job): string => JOB_CLASSES[job.kind];

/** Jenkins lists at most this many builds under `builds`; `allBuilds` has all. */
const LISTED_BUILDS = 100;

/** `/job/<folder>/job/<name>`, of a job or a folder by its full name. */
export function jobPath(fullName: string): string {
  return `/job/${fullName.split("/").map(encodeURIComponent).join("/job/")}`;
}

export function jobUrl(root: string, job: Job): string {
  return `${root}${jobPath(job.name).slice(1)}/`;
}

const COLORS = { SUCCESS: "blue", FAILURE: "red", ABORTED: "aborted" } as const;

/** The icon colour of the last build; `_anime` while it runs, with the colour of the build before. */
export function jobColor(job: Job): string {
  if (job.disabled) return "disabled";
  const builds = newestFirst(job);
  const finished = builds.find((build) => build.result !== null)?.result;
  const color = finished ? COLORS[finished] : "notbuilt";
  return builds[0]?.result === null ? `${color}_anime` : color;
}

function healthReport(job: Job): Json[] {
  const recent = newestFirst(job)
    .filter((build) => build.result !== null)
    .slice(0, 5);
  if (recent.length === 0) return [];
  const failed = recent.filter((build) => build.result === "FAILURE").length;
  const score = Math.floor((100 * (recent.length - failed)) / recent.length);
  const icon =
    score > 80 ? "80plus" : score > 60 ? "60to79" : score > 40 ? "40to59" : score > 20 ? "20to39" : "00to19";
  const words =
    failed === 0 ? "No recent builds failed." : `${failed} out of the last ${recent.length} builds failed.`;
  return [
    {
      description: `Build stability: ${words}`,
      iconClassName: `icon-health-${icon}`,
      iconUrl: `health-${icon}.png`,
      score,
    },
  ];
}

function definitions(job: Job): Json[] {
  return job.parameters.map(({ kind, name, description, defaultValue }) => ({
    _class: `hudson.model.${kind}ParameterDefinition`,
    defaultParameterValue: {
      _class: `hudson.model.${kind}ParameterValue`,
      name,
      ...(kind === "Password" ? {} : { value: defaultValue }),
    },
    description,
    name,
    type: `${kind}ParameterDefinition`,
  }));
}

function parametersProperty(job: Job): Json[] {
  if (job.parameters.length === 0) return [];
  return [{ _class: "hudson.model.ParametersDefinitionProperty", parameterDefinitions: definitions(job) }];
}

/** All properties of a job; that two builds may not run at once is one of a Pipeline. */
function properties(job: Job): Json[] {
  const blocked =
    job.kind === "pipeline" && !job.concurrent
      ? [{ _class: "org.jenkinsci.plugins.workflow.job.properties.DisableConcurrentBuildsJobProperty" }]
      : [];
  const rotated = job.keepBuilds === null ? [] : [{ _class: "jenkins.model.BuildDiscarderProperty" }];
  return [...blocked, ...rotated, ...parametersProperty(job)];
}

/** The whole job model; `queueItem` is the model of the item that Jenkins would name, or null. */
export function jobModel(root: string, job: Job, queueItem: Json): { [key: string]: Json } {
  const builds = newestFirst(job);
  const view = (build: Build | undefined): Json => (build ? buildModel(root, job, build) : null);
  const last = (matches: (build: Build) => boolean): Json => view(builds.find(matches));
  return {
    _class: jobClass(job),
    actions: [
      ...parametersProperty(job),
      {},
      {},
      { _class: "org.jenkinsci.plugins.displayurlapi.actions.JobDisplayAction" },
      { _class: "com.cloudbees.plugins.credentials.ViewCredentialsAction" },
    ],
    description: job.description,
    displayName: shortName(job),
    displayNameOrNull: null,
    fullDisplayName: job.name.split("/").join(" » "),
    fullName: job.name,
    name: shortName(job),
    url: jobUrl(root, job),
    get allBuilds() {
      return builds.map(view);
    },
    buildable: !job.disabled,
    get builds() {
      return builds.slice(0, LISTED_BUILDS).map(view);
    },
    color: jobColor(job),
    firstBuild: view(builds.at(-1)),
    healthReport: healthReport(job),
    inQueue: queueItem !== null,
    keepDependencies: false,
    lastBuild: view(builds[0]),
    lastCompletedBuild: last((build) => build.result !== null),
    lastFailedBuild: last((build) => build.result === "FAILURE"),
    lastStableBuild: last((build) => build.result === "SUCCESS"),
    lastSuccessfulBuild: last((build) => build.result === "SUCCESS"),
    lastUnstableBuild: null,
    lastUnsuccessfulBuild: last((build) => build.result === "FAILURE" || build.result === "ABORTED"),
    nextBuildNumber: job.nextBuildNumber,
    property: properties(job),
    queueItem,
    concurrentBuild: job.concurrent,
    disabled: job.disabled,
    ...(job.kind === "pipeline"
      ? { resumeBlocked: false }
      : {
          downstreamProjects: [],
          labelExpression: job.label,
          scm: { _class: "hudson.scm.NullSCM" },
          upstreamProjects: [],
        }),
  };
}

const PERMALINKS = [
  "lastBuild",
  "lastCompletedBuild",
  "lastFailedBuild",
  "lastStableBuild",
  "lastSuccessfulBuild",
  "lastUnsuccessfulBuild",
];

/** Finds a build by its number or by a permalink such as `lastBuild`. */
export function findBuild(root: string, job: Job, reference: string): Build | undefined {
  if (/^[1-9]\d*$/.test(reference)) return job.builds.get(Number(reference));
  if (!PERMALINKS.includes(reference)) return undefined;
  const named = jobModel(root, job, null)[reference];
  if (named === null || typeof named !== "object" || Array.isArray(named)) return undefined;
  return typeof named.number === "number" ? job.builds.get(named.number) : undefined;
}
