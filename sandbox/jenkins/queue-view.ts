import { causeAction, parametersAction } from "./build-view.ts";
import { jobColor, jobUrl } from "./job-view.ts";
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

/** The whole model of a queue item; `why` is the scheduler's reason, null once it left. */
export function itemModel(
  root: string,
  job: Job,
  item: QueueItem,
  why: string | null,
): { [key: string]: Json } {
  return {
    _class: CLASSES[item.state],
    actions: [...parametersAction(item.parameters), causeAction(item.startedBy)],
    blocked: item.state === "blocked",
    buildable: item.state === "buildable",
    id: item.id,
    inQueueSince: item.inQueueSince,
    params: item.parameters.map(parameterText).join(""),
    stuck: false,
    task: {
      _class: "hudson.model.FreeStyleProject",
      name: job.name,
      url: jobUrl(root, job),
      color: jobColor(job),
    },
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
  return {
    _class: "hudson.model.FreeStyleBuild",
    number: item.executable,
    url: `${jobUrl(root, job)}${item.executable}/`,
  };
}
