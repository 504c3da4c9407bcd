import { randomUUID } from "node:crypto";
import { expect, test } from "@playwright/test";
import { z } from "zod";
import { portalState } from "../support/state.ts";
import { as, call } from "./caller.ts";
import { times } from "./flow.ts";

// Many writers at once: the audit chain stays whole, and a reader of events misses nothing, not even over a crash.

const WRITERS = 30;
const TOPIC = "project:trading";
const told = z.object({
  topic: z.string(),
  seq: z.number(),
  type: z.string(),
  data: z.object({ id: z.string() }),
});
type Told = z.infer<typeof told>;

/** A reader as a browser's EventSource: it remembers the last id, and comes back with it whenever the connection ends. */
function reader() {
  const heard: Told[] = [];
  let lastId: string | null = null;
  let connections = 0;
  const abort = new AbortController();
  const read = async (): Promise<void> => {
    const response = await fetch(`${portalState().url}/api/v1/events?topic=${TOPIC}`, {
      headers: {
        authorization: `Bearer ${as("owner").token}`,
        ...(lastId === null ? {} : { "last-event-id": lastId }),
      },
      signal: abort.signal,
    });
    if (!response.ok || !response.body) throw new Error(`${response.status}`);
    connections += 1;
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of response.body) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const lines = text.slice(0, end).split("\n");
        text = text.slice(end + 2);
        const id = lines.find((line) => line.startsWith("id: "))?.slice(4);
        if (id) lastId = id;
        if (lines.some((line) => line === "event: reset")) throw new Error("told to load afresh");
        const data = lines.find((line) => line.startsWith("data: "))?.slice(6);
        const event = data ? told.safeParse(JSON.parse(data)) : null;
        if (event?.success) heard.push(event.data);
      }
    }
  };
  const ended = (async () => {
    while (!abort.signal.aborted) {
      await read().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  return {
    heard,
    connections: () => connections,
    stop: async () => {
      abort.abort();
      await ended;
    },
  };
}

const window = {
  project: "trading",
  environment: "PROD",
  startsAt: "2097-01-01T00:00:00Z",
  endsAt: "2097-01-02T00:00:00Z",
};
const write = async (n: number): Promise<string> => {
  const reply = await call(as("owner"), "POST", "/freezes", {
    ...window,
    reason: `并发 ${n} ${randomUUID()}`,
  });
  expect(reply.status, reply.text).toBeLessThan(300);
  return String(reply.json.id);
};
const verify = async () =>
  z
    .object({ ok: z.boolean(), entries: z.number() })
    .parse((await call(as("auditor"), "GET", "/audit/verify")).json);

async function endWeb(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  const { web } = portalState().pids;
  if (!web) throw new Error("no web process");
  process.kill(web, signal);
  await expect.poll(() => portalState().pids.web, { timeout: 60_000 }).not.toBe(web);
  const ready = () =>
    fetch(`${portalState().url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(ready, { timeout: 60_000 }).toBe(true);
}

test("thirty writers at once, a crash and a restart: a whole audit chain, and every event once and in order", async () => {
  const before = await verify();
  expect(before.ok).toBe(true);
  const stream = reader();
  await expect.poll(stream.connections).toBe(1);
  const ids = await times(WRITERS, write);
  await endWeb("SIGKILL");
  ids.push(...(await times(WRITERS, write)));
  await expect.poll(stream.connections).toBe(2);
  // An open stream does not keep a server that is told to end.
  await endWeb("SIGTERM");
  expect(new Set(ids).size).toBe(2 * WRITERS);
  const ours = () =>
    stream.heard.filter(({ type, data }) => type === "freeze.created" && ids.includes(data.id));
  await expect.poll(() => ours().length).toBe(2 * WRITERS);
  await expect.poll(stream.connections, "it had to come back").toBe(3);
  expect(new Set(ours().map(({ data }) => data.id)).size, "each once").toBe(2 * WRITERS);
  const sequence = stream.heard.map(({ seq }) => seq);
  expect(sequence, "in order").toEqual([...new Set(sequence)].sort((a, b) => a - b));

  const removed = await times(2 * WRITERS, (n) => call(as("owner"), "DELETE", `/freezes/${ids[n]}`));
  expect(removed.filter(({ status }) => status >= 300).map(({ text }) => text)).toEqual([]);
  await stream.stop();
  const after = await verify();
  expect(after.ok).toBe(true);
  expect(after.entries - before.entries).toBeGreaterThanOrEqual(4 * WRITERS);
});
