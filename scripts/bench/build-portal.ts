import { Agent } from "node:http";
import { z } from "zod";
import { exchange } from "./exchange.ts";
import { clock } from "./observer.ts";
import { listen } from "./portal.ts";

const PATIENCE_MS = 60_000;
const releaseSchema = z.object({
  number: z.string(),
  items: z.array(z.object({ build: z.object({ id: z.string() }).nullable() })),
});
const buildSchema = z.object({ id: z.string() });
const eventSchema = z.object({ type: z.string(), data: z.object({ id: z.string() }).loose() });
const ENDED = ["build.succeeded", "build.failed", "build.aborted", "build.unknown"];
type Change = "running" | "ended";

/** Builds through the portal's API with one stream of events, as a page has them. */
export type BuildPortal = {
  /** Number of a release order that waits to be built. */
  draft(component: string): Promise<string>;
  /** Id of its build, once the portal has answered. */
  build(release: string): Promise<string>;
  /** Id of another attempt at the same commit. */
  rebuild(build: string): Promise<string>;
  /** Asks for its end. */
  abort(build: string): Promise<void>;
  /** When the stream brought a change of a build: milliseconds since the epoch, with fractions. */
  told(build: string, change: Change): Promise<number>;
  close(): void;
};

export async function openBuildPortal(url: string, token: string, project: string): Promise<BuildPortal> {
  const agent = new Agent({ keepAlive: true });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const { status, text } = await exchange(new URL(`/api/v1${path}`, url), {
      agent,
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    if (status > 299) throw new Error(`POST ${path} answered ${status}: ${text}`);
    return JSON.parse(text);
  };
  const known = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  const streaming = new AbortController();
  const topic = encodeURIComponent(`project:${project}`);
  const stream = await fetch(new URL(`/api/v1/events?topic=${topic}`, url), {
    headers: { authorization: `Bearer ${token}` },
    signal: streaming.signal,
  });
  if (!stream.ok || !stream.body) throw new Error(`GET /events answered ${stream.status}`);
  void listen(stream.body, (data) => {
    const at = clock();
    const event = eventSchema.safeParse(data);
    if (!event.success) return;
    const { type, data: about } = event.data;
    const change = type === "build.running" ? "running" : ENDED.includes(type) ? "ended" : null;
    if (change === null) return;
    const name = `${change} ${about.id}`;
    known.set(name, at);
    waiting.get(name)?.(at);
    waiting.delete(name);
  });
  return {
    draft: async (component) => {
      const items = [{ component, ref: "main" }];
      return releaseSchema.parse(await post("/releases", { project, title: "Bench", items })).number;
    },
    build: async (release) => {
      const id = releaseSchema.parse(await post(`/releases/${release}/build`, {})).items[0]?.build?.id;
      if (id === undefined) throw new Error(`${release} has no build`);
      return id;
    },
    rebuild: async (build) => buildSchema.parse(await post(`/builds/${build}/rebuild`, {})).id,
    abort: async (build) => {
      await post(`/builds/${build}/abort`, {});
    },
    told: (build, change) =>
      new Promise((resolve, reject) => {
        const name = `${change} ${build}`;
        const at = known.get(name);
        if (at !== undefined) return resolve(at);
        const timer = setTimeout(() => reject(new Error(`build ${build}: not ${change}`)), PATIENCE_MS);
        waiting.set(name, (then) => {
          clearTimeout(timer);
          resolve(then);
        });
      }),
    close: () => {
      streaming.abort();
      agent.destroy();
    },
  };
}
