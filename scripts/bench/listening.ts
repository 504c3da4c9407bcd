import { Agent, request } from "node:http";
import { parentPort } from "node:worker_threads";
import { z } from "zod";
import { CHANGE } from "./world.ts";

// The browsers, as a thread of their own: streams that are read to the end, and when each saw a change first.
const openSchema = z.object({
  name: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  count: z.number(),
});
const AT_ONCE = 20;
const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
/** When each listener saw a change, by the change and the listener's number. */
const seen = new Map<string, Map<number, number>>();

function listen(url: string, headers: Record<string, string>, number: number, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, headers }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`${url} answered ${answer.statusCode}`));
      let rest = "";
      answer.setEncoding("utf8").on("data", (text: string) => {
        const at = performance.timeOrigin + performance.now();
        const all = rest + text;
        for (const [change] of all.matchAll(CHANGE)) note(change, number, at, count);
        rest = all.slice(-64);
        resolve();
      });
      answer.on("error", () => parentPort?.postMessage({ lost: url }));
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

function note(change: string, number: number, at: number, count: number): void {
  const times = seen.get(change) ?? new Map<number, number>();
  if (times.size === count || times.has(number)) return;
  seen.set(change, times.set(number, at));
  if (times.size === count) parentPort?.postMessage({ change, times: [...times.values()] });
}

parentPort?.on("message", async (message) => {
  const { name, url, headers, count } = openSchema.parse(message);
  const numbers = Array.from({ length: count }, (_, number) => number).values();
  const worker = async () => {
    for (const number of numbers) await listen(url, headers, number, count);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  parentPort?.postMessage({ opened: name });
});
