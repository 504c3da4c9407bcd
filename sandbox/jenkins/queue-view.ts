import { buildClass, causeAction, parametersAction } from "./build-view.ts";
import { jobClass, jobColor, jobUrl, shortName } from "./job-view.ts";
import type { Job, ParameterValue, QueueItem, QueueState } from "./model.ts";
import type { Json } from "./tree.ts";

/** What a queue item answers without a `tree` query. */
export const ITEM_TREE =
  "actions[parameters[name,value],causes[shortDescription,userId,userName]],blocked,buildable,id," +
  "inQueueSince,params,stuck,task[name,url,color],url,why,timestamp,buildableStartMilliseconds,pending," +
  "cancelled,executable[number,url]";

export const QUEUE_TREE = `discoverableItems,items[${ITEM_TREE}]`;

const CLASSES: Record<QueueState, string> = {
  waiting: "hudson.model.Queue$WaitingItem",
  blocked: "hudson.model.Queue$BlockedItem",
  buildable: "hudson.model.Queue$BuildableItem",
  left: "hudson.model.Queue$LeftItem",
};

/** A duration in milliseconds in Jenkins' words, e.g. `4.9 sec`, `59 sec`, `1 min 5 sec`. */
export function timeSpan(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds >= 60) return `${Math.floor(seconds / 60)} min ${seconds % 60} sec`;
  if (seconds >= 10) return `${seconds} sec`;
  if (seconds >= 1) return `${seconds}.${Math.floor((milliseconds % 1000) / 100)} sec`;
  if (milliseconds >= 100) return `${Math.floor(milliseconds / 10) / 100} sec`;
  return `${milliseconds} ms`;
}

function parameterText(parameter: ParameterValue): string {
  return `\n${parameter.name}=${parameter.kind === "Password" ? "****" : parameter.value}`;
}

/** What the queue says of an item beside what the item knows itself. */
export interface Standing {
  /** The scheduler's reason; null once the item left. */
  why: string | null;
  stuck: boolean;
}

const STEP_CLASS = "org.jenkinsci.plugins.workflow.support.steps.ExecutorStepExecution$PlaceholderTask";

/** The node step of a Pipeline build is a task without a name. */
function taskOf(root: string, job: Job, item: QueueItem): Json {
  if (item.stepOf !== null) return { _class: STEP_CLASS };
  return { _class: jobClass(job), name: shortName(job), url: jobUrl(root, job), color: jobColor(job) };
}

/** The whole model of a queue item. */
export function itemModel(
  root: string,
  job: Job,
  item: QueueItem,
  { why, stuck }: Standing,
): { [key: string]: Json } {
  return {
    _class: CLASSES[item.state],
    actions: item.stepOf === null ? [...parametersAction(item.parameters), causeAction(item.startedBy)] : [],
    blocked: item.state === "blocked",
    buildable: item.state === "buildable",
    id: item.id,
    inQueueSince: item.inQueueSince,
    params: item.parameters.map(parameterText).join(""),
    stuck,
    task: taskOf(root, job, item),
    url: `queue/item/${item.id}/`,
    why,
    // The keys below exist in some states only: a client must not rely on them.
    ...(item.state === "waiting" ? { timestamp: item.due } : {}),
    ...(item.state === "blocked" || item.state === "buildable"
      ? { buildableStartMilliseconds: item.buildableSince }
      : {}),
    ...(item.state === "buildable" ? { pending: false } : {}),
    ...(item.state === "left" ? { cancelled: item.cancelled, executable: executable(root, job, item) } : {}),
  };
}

function executable(root: string, job: Job, item: QueueItem): Json {
  if (item.executable === null) return null;
  if (item.stepOf !== null) return { _class: `${STEP_CLASS}$PlaceholderExecutable` };
  return {
    _class: buildClass(job),
    number: item.executable,
    url: `${jobUrl(root, job)}${item.executable}/`,
  };
}
