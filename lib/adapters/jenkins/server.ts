import type Jenkins from "jenkins";
import { AdapterError } from "#lib/errors.ts";
import type { BuildServer } from "../ports.ts";
import {
  BUILD_TREE,
  findBuild,
  findQueued,
  parseBuild,
  parseQueueItem,
  QUEUE_ITEM_TREE,
  QUEUE_LIST_TREE,
  RECENT_BUILDS_TREE,
  resultFileSchema,
} from "./answers.ts";
import { checkServer } from "./check.ts";
import { type Call, createCall } from "./client.ts";
import { readLog } from "./log.ts";
import { triggerBuild } from "./trigger.ts";

export type JenkinsSettings = {
  url: string;
  username: string;
  /** An API token, not a password. */
  token: string;
  /** Name of the one build job; `folder/name` inside a folder. */
  jobName: string;
  /** Milliseconds for one request. */
  timeoutMs?: number;
};

/** Null instead of a 404. */
async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AdapterError && error.failure === "missing") return null;
    throw error;
  }
}

/**
 * A Jenkins server seen through the one build job. When `trigger` fails with `details.outcome: "unknown"` the
 * build may have been queued all the same: ask `findAttempt` before trying again.
 */
export function createJenkins(settings: JenkinsSettings): BuildServer {
  const { jobName: name } = settings;
  const call = createCall({ ...settings, timeoutMs: settings.timeoutMs ?? 20_000 });
  const jobPath = `/job/${name.split("/").map(encodeURIComponent).join("/job/")}`;

  const queueItem: BuildServer["queueItem"] = async (queueId, options = {}) => {
    const ask = async (jenkins: Jenkins) =>
      parseQueueItem(await jenkins.queue.item({ number: queueId, tree: QUEUE_ITEM_TREE }));
    return (await orNull(call(`queue item ${queueId}`, options, ask))) ?? { state: "gone" };
  };

  return {
    queueItem,
    trigger: (input, options = {}) => triggerBuild(call, name, input, options),

    findAttempt: async (attemptId, options = {}) => {
      // The queue first: an item that leaves it between the two questions is then among the builds.
      const queueId = await call("queue", options, async (jenkins) =>
        findQueued(await jenkins.queue.list({ tree: QUEUE_LIST_TREE }), attemptId),
      );
      if (queueId !== null) return { queueId, number: null };
      return call(`builds of ${name}`, options, async (jenkins) =>
        findBuild(await jenkins.job.get({ name, tree: RECENT_BUILDS_TREE }), attemptId),
      );
    },

    build: (number, options = {}) =>
      orNull(
        call(`build ${number}`, options, async (jenkins) =>
          parseBuild(await jenkins.build.get({ name, number, tree: BUILD_TREE })),
        ),
      ),

    log: (number, offset, options = {}) => readLog(call, `${jobPath}/${number}`, offset, options),

    result: (number, options = {}) =>
      orNull(
        call(`result of build ${number}`, options, async (jenkins) => {
          const path = `${jobPath}/${number}/artifact/refract-result.json`;
          return resultFileSchema.parse((await jenkins._get({ path })).body);
        }),
      ),

    cancelQueueItem: (queueId, options = {}) =>
      cancelItem(call, queueId, () => queueItem(queueId, options), options),

    stop: (number, options = {}) =>
      call(`stop build ${number}`, options, (jenkins) => jenkins.build.stop({ name, number })),

    ensureJob: async (configXml, options = {}) => {
      const present = async (): Promise<boolean> => {
        const ask = (jenkins: Jenkins) => jenkins.job.get({ name, tree: "name" });
        return (await orNull(call(`job ${name}`, options, ask))) !== null;
      };
      if (await present()) return "present";
      try {
        await call(`create job ${name}`, options, (jenkins) => jenkins.job.create({ name, xml: configXml }));
        return "created";
      } catch (error) {
        // Another worker may have been quicker; Jenkins then answers 400.
        if (error instanceof AdapterError && error.failure === "invalid" && (await present()))
          return "present";
        throw error;
      }
    },

    check: (options = {}) => checkServer(call, { name, jobPath }, options),
  };
}

/** Cancelling twice is a 500 and an unknown item a 404: what counts is that the item waits no more. */
async function cancelItem(
  call: Call,
  queueId: number,
  look: () => ReturnType<BuildServer["queueItem"]>,
  options: { signal?: AbortSignal },
): Promise<void> {
  // Not the client's `queue.cancel`: it posts to another address, which Jenkins answers with a redirect to a page.
  const cancel = (jenkins: Jenkins) => jenkins._post({ path: "/queue/cancelItem", query: { id: queueId } });
  try {
    await call(`cancel queue item ${queueId}`, options, cancel);
  } catch (error) {
    if (!(error instanceof AdapterError) || (error.status !== 404 && error.status !== 500)) throw error;
    if ((await look()).state === "waiting") throw error;
  }
}
