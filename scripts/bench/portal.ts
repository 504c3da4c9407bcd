import { Agent } from "node:http";
import { z } from "zod";
import { exchange } from "./exchange.ts";

const planSchema = z.object({ digest: z.string(), blockers: z.array(z.object({ message: z.string() })) });
const deploymentSchema = z.object({ id: z.string() });
const eventSchema = z.object({ type: z.string(), data: z.object({ id: z.string() }).loose() });
const ENDS = ["deployment.succeeded", "deployment.failed", "deployment.cancelled"];
const PATIENCE_MS = 60_000;

export type Portal = {
  /** Digest of the plan. Throws when something holds it back. */
  plan(release: string, environment: string): Promise<string>;
  /** Id of the deployment that was accepted. */
  deploy(planDigest: string): Promise<string>;
  /** Resolves when the deployment has succeeded; throws when it ended otherwise, or after a minute. */
  succeeded(deployment: string): Promise<void>;
  close(): void;
};

/** The portal through its API, as a pipeline uses it: a token, kept connections, one stream of events. */
export async function openPortal(url: string, token: string, projects: readonly string[]): Promise<Portal> {
  const agent = new Agent({ keepAlive: true });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const call = async (path: string, body: unknown) => {
    const target = new URL(`/api/v1${path}`, url);
    const { status, text } = await exchange(target, {
      agent,
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    if (status > 299) throw new Error(`POST ${path} answered ${status}: ${text}`);
    return text;
  };
  const ended = new Map<string, string>();
  const waiting = new Map<string, (type: string) => void>();
  const streaming = new AbortController();
  // One stream each: as eight pages would, and not one that asks for eight topics whenever one moves.
  for (const project of projects) {
    const topic = encodeURIComponent(`project:${project}`);
    const stream = await fetch(new URL(`/api/v1/events?topic=${topic}`, url), {
      headers: { authorization: `Bearer ${token}` },
      signal: streaming.signal,
    });
    if (!stream.ok || !stream.body) throw new Error(`GET /events answered ${stream.status}`);
    void listen(stream.body, (data) => {
      const event = eventSchema.safeParse(data);
      if (!event.success || !ENDS.includes(event.data.type)) return;
      const { type, data: about } = event.data;
      ended.set(about.id, type);
      waiting.get(about.id)?.(type);
    });
  }
  const end = (id: string) =>
    new Promise<string>((resolve, reject) => {
      const known = ended.get(id);
      if (known) return resolve(known);
      const timer = setTimeout(() => reject(new Error(`deployment ${id} did not end`)), PATIENCE_MS);
      waiting.set(id, (type) => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(type);
      });
    });
  return {
    plan: async (release, environment) => {
      const text = await call(`/releases/${release}/stages/${environment}/plan`, {});
      const { digest, blockers } = planSchema.parse(JSON.parse(text));
      if (blockers.length > 0)
        throw new Error(`the plan is blocked: ${blockers.map(({ message }) => message).join("; ")}`);
      return digest;
    },
    deploy: async (planDigest) =>
      deploymentSchema.parse(JSON.parse(await call("/deployments", { planDigest }))).id,
    succeeded: async (id) => {
      const type = await end(id);
      if (type !== "deployment.succeeded") throw new Error(`deployment ${id}: ${type}`);
    },
    close: () => {
      streaming.abort();
      agent.destroy();
    },
  };
}

/** Calls back with the parsed data of each Server-Sent Event until the stream ends. */
export async function listen(
  body: ReadableStream<Uint8Array>,
  onData: (data: unknown) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const part of body) {
      const lines = `${rest}${decoder.decode(part, { stream: true })}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("data: ")) onData(JSON.parse(line.slice(6)));
    }
  } catch {
    // Closed by us at the end; a stream that broke shows as a deployment that does not end.
  }
}
