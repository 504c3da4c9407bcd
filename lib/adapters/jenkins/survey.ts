import { z } from "zod";
import type { BuildSurvey, CallOptions } from "../ports.ts";
import type { Client } from "./client.ts";

const QUEUE_TREE = "items[id]";
const queueSchema = z.object({ items: z.array(z.object({ id: z.number().int() })) });
const BUILDS_TREE = "builds[number,building]{0,100}";
const buildsSchema = z.object({
  builds: z.array(z.object({ number: z.number().int(), building: z.boolean() })),
});

/** Asks for the queue and the newest builds of a job, each in one request however many builds are waited for. */
export async function surveyBuilds(
  client: Client,
  jobPath: string,
  wanted: { queue: boolean; builds: boolean },
  options: CallOptions,
): Promise<BuildSurvey> {
  const [queue, builds] = await Promise.all([
    wanted.queue ? client.json("queue", "/queue/api/json", { tree: QUEUE_TREE }, parseQueue, options) : null,
    wanted.builds
      ? client.json(
          `builds of ${jobPath}`,
          `${jobPath}/api/json`,
          { tree: BUILDS_TREE },
          parseBuilds,
          options,
        )
      : null,
  ]);
  return { queue, builds };
}

const parseQueue = (body: unknown) => new Set(queueSchema.parse(body).items.map(({ id }) => id));
const parseBuilds = (body: unknown) =>
  new Map(buildsSchema.parse(body).builds.map(({ number, building }) => [number, building] as const));
