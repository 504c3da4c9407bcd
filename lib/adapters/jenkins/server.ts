import { AdapterError } from "#lib/errors.ts";
import type { BuildServer, CallOptions } from "../ports.ts";
import {
  BUILD_TREE,
  findBuild,
  findQueued,
  parseBuild,
  parseQueueItem,
  positionIn,
  QUEUE_ITEM_TREE,
  QUEUE_LIST_TREE,
  QUEUE_ORDER_TREE,
  RECENT_BUILDS_TREE,
  resultFileSchema,
} from "./answers.ts";
import { checkServer } from "./check.ts";
import { type Client, createClient, orNull } from "./client.ts";
import { openConsole, openLog } from "./log.ts";
import { undeclaredParameters } from "./parameters.ts";
import { parseStages } from "./stages.ts";
import { surveyBuilds } from "./survey.ts";
import { triggerBuild } from "./trigger.ts";

export type JenkinsSettings = {
  url: string;
  username: string;
  /** An API token or a password, as `credentialKind` says. */
  token: string;
  credentialKind?: "token" | "password";
  /** Name of the one build job; `folder/name` inside a folder. */
  jobName: string;
  /** Milliseconds for one request. */
  timeoutMs?: number;
};

/**
 * A Jenkins server seen through the one build job. When `trigger` fails with `details.outcome: "unknown"` the
 * build may have been queued all the same: ask `findAttempt` before trying again.
 */
export function createJenkins(settings: JenkinsSettings): BuildServer {
  const { jobName: name, timeoutMs = 20_000, credentialKind = "token" } = settings;
  const client = createClient({ ...settings, timeoutMs, credentialKind });
  const folders = name.split("/").map(encodeURIComponent);
  const jobPath = `/job/${folders.join("/job/")}`;

  const queueItem: BuildServer["queueItem"] = async (queueId, options = {}) => {
    const [what, path] = [`queue item ${queueId}`, `/queue/item/${queueId}/api/json`];
    const asked = client.json(what, path, { tree: QUEUE_ITEM_TREE }, parseQueueItem, options);
    return (await orNull(asked)) ?? { state: "gone" };
  };

  return {
    queueItem,
    trigger: (input, options = {}) => triggerBuild(client, jobPath, input, options),

    queuePosition: (queueId, options = {}) =>
      client.json(
        "queue",
        "/queue/api/json",
        { tree: QUEUE_ORDER_TREE },
        (body) => positionIn(body, queueId),
        options,
      ),

    findAttempt: async (attemptId, options = {}) => {
      // The queue first: an item that leaves it between the two questions is then among the builds.
      const inQueue = (body: unknown) => findQueued(body, attemptId);
      const queueId = await client.json(
        "queue",
        "/queue/api/json",
        { tree: QUEUE_LIST_TREE },
        inQueue,
        options,
      );
      if (queueId !== null) return { queueId, number: null };
      const among = (body: unknown) => findBuild(body, attemptId);
      const tree = { tree: RECENT_BUILDS_TREE };
      return client.json(`builds of ${name}`, `${jobPath}/api/json`, tree, among, options);
    },

    build: (number, options = {}) => {
      const path = `${jobPath}/${number}/api/json`;
      return orNull(client.json(`build ${number}`, path, { tree: BUILD_TREE }, parseBuild, options));
    },

    survey: (wanted, options = {}) => surveyBuilds(client, jobPath, wanted, options),

    openLog: (number, offset, options = {}) => openLog(client, `${jobPath}/${number}`, offset, options),
    openConsole: (number, options = {}) => openConsole(client, `${jobPath}/${number}`, options),

    stages: (number, options = {}) => {
      const path = `${jobPath}/${number}/wfapi/describe`;
      return orNull(client.json(`stages of build ${number}`, path, {}, parseStages, options));
    },

    result: (number, options = {}) => {
      const path = `${jobPath}/${number}/artifact/refract-result.json`;
      const parse = (body: unknown) => resultFileSchema.parse(body);
      return orNull(client.json(`result of build ${number}`, path, {}, parse, options));
    },

    cancelQueueItem: (queueId, options = {}) =>
      cancelItem(client, queueId, () => queueItem(queueId, options), options),

    // 302 back to the build's page, also where it has ended already.
    stop: async (number, options = {}) => {
      await client.post(`stop build ${number}`, `${jobPath}/${number}/stop`, {}, [200, 302], options);
    },

    ensureJob: (configXml, options = {}) => ensureJob(client, folders, configXml, options),
    check: (options = {}) => checkServer(client, { name, jobPath }, options),
    undeclaredParameters: undeclaredParameters(client, jobPath),
  };
}

async function ensureJob(client: Client, folders: readonly string[], xml: string, options: CallOptions) {
  const parent = folders.slice(0, -1).map((folder) => `/job/${folder}`);
  const own = folders.at(-1) ?? "";
  const present = async (): Promise<boolean> => {
    const path = `${parent.join("")}/job/${own}/api/json`;
    return (await orNull(client.json("job", path, { tree: "name" }, () => true, options))) ?? false;
  };
  if (await present()) return "present";
  try {
    const query = { name: decodeURIComponent(own) };
    await client.post("create job", `${parent.join("")}/createItem`, { query, xml }, [200], options);
    return "created";
  } catch (error) {
    // Another worker may have been quicker; Jenkins then answers 400.
    if (error instanceof AdapterError && error.failure === "invalid" && (await present())) return "present";
    throw error;
  }
}

/** Cancelling twice is a 500 and an unknown item a 404: what counts is that the item waits no more. */
async function cancelItem(
  client: Client,
  queueId: number,
  look: () => ReturnType<BuildServer["queueItem"]>,
  options: CallOptions,
): Promise<void> {
  try {
    const what = `cancel queue item ${queueId}`;
    await client.post(what, "/queue/cancelItem", { query: { id: queueId } }, [204, 302], options);
  } catch (error) {
    if (!(error instanceof AdapterError) || (error.status !== 404 && error.status !== 500)) throw error;
    if ((await look()).state === "waiting") throw error;
  }
}
