import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { exchange } from "./exchange.ts";

const PATIENCE_MS = 60_000;
const queueSchema = z.object({
  cancelled: z.boolean().optional(),
  executable: z.object({ number: z.number() }).nullish(),
});
const buildSchema = z.object({ building: z.boolean(), timestamp: z.number(), duration: z.number() });
type BareBuild = z.infer<typeof buildSchema>;
export type JenkinsAccess = { url: string; user: string; token: string; job: string };

/** The build job over kept connections, and nothing around it: no record, no log, no look at what it made. */
export type BareJenkins = {
  /** Starts the job. Answers the number of the queue item. */
  trigger(parameters: Readonly<Record<string, string>>): Promise<number>;
  /** The build's number; null while it waits. */
  left(queueId: number): Promise<number | null>;
  build(number: number): Promise<BareBuild>;
  /** Waits until the build of a queue item has ended. */
  ended(queueId: number): Promise<{ number: number }>;
  close(): void;
};

export function bareJenkins({ url, user, token, job }: JenkinsAccess): BareJenkins {
  const agent = url.startsWith("https:")
    ? new HttpsAgent({ keepAlive: true })
    : new HttpAgent({ keepAlive: true });
  const authorization = `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}`;
  const base = url.replace(/\/$/, "");
  const jobPath = `/job/${encodeURIComponent(job)}`;
  const ask = async (path: string): Promise<unknown> => {
    const { status, text } = await exchange(new URL(base + path), {
      agent,
      method: "GET",
      headers: { authorization },
    });
    if (status !== 200) throw new Error(`GET ${path} answered ${status}`);
    return JSON.parse(text);
  };
  const jenkins: BareJenkins = {
    trigger: async (parameters) => {
      const { status, headers } = await exchange(
        new URL(`${base}${jobPath}/buildWithParameters?delay=0sec`),
        {
          agent,
          method: "POST",
          headers: { authorization, "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams(parameters).toString(),
        },
      );
      const id = /\/queue\/item\/(\d+)\/?$/.exec(headers.location ?? "")?.[1];
      if (status !== 201 || id === undefined) throw new Error(`the trigger was answered ${status}`);
      return Number(id);
    },
    left: async (queueId) => {
      const path = `/queue/item/${queueId}/api/json?tree=cancelled,executable[number]`;
      const item = queueSchema.parse(await ask(path));
      if (item.cancelled) throw new Error(`queue item ${queueId} was cancelled`);
      return item.executable?.number ?? null;
    },
    build: async (number) =>
      buildSchema.parse(await ask(`${jobPath}/${number}/api/json?tree=building,timestamp,duration`)),
    ended: async (queueId) => {
      const until = Date.now() + PATIENCE_MS;
      for (let number: number | null = null; Date.now() < until; await sleep(100)) {
        number ??= await jenkins.left(queueId);
        if (number !== null && !(await jenkins.build(number)).building) return { number };
      }
      throw new Error(`the build of queue item ${queueId} did not end`);
    },
    close: () => agent.destroy(),
  };
  return jenkins;
}
