import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { type Cursor, formatCursor, parseCursor } from "./cursor.ts";
import { guardStream } from "./guard.ts";
import { onTopics } from "./listen.ts";
import { mayHear } from "./topics.ts";

const BATCH = 500;
/** Of an answer that never ends and that no proxy may hold back. */
export const STREAM_HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
} as const;

/**
 * Server-Sent Events of some topics. Without `lastEventId` it starts now; with it, right after what was seen.
 * It ends when the person loses the right to any of the topics, is disabled, or their session or API token ends.
 * @throws AppError NOT_FOUND for a topic that one may not hear
 */
export async function openStream(input: {
  actor: Actor;
  topics: string[];
  lastEventId: string | null;
  signal: AbortSignal;
}): Promise<Response> {
  const { actor, topics, signal } = input;
  for (const topic of topics) {
    if (!(await mayHear(actor, topic))) throw new AppError("NOT_FOUND", `no topic ${topic}`);
  }
  const cursor = parseCursor(input.lastEventId, topics);
  const fresh = topics.filter((topic) => !cursor.has(topic));
  const heads = await db.eventTopic.findMany({ where: { topic: { in: fresh } } });
  for (const topic of fresh) cursor.set(topic, heads.find((head) => head.topic === topic)?.seq ?? 0);

  const encoder = new TextEncoder();
  let stop = () => {};
  let leave = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let busy = false;
      let dirty = true;
      let closed = false;
      const send = (text: string) => {
        if (!closed) controller.enqueue(encoder.encode(text));
      };
      const pump = async () => {
        dirty = true;
        if (busy || closed) return;
        busy = true;
        try {
          while (dirty && !closed) {
            dirty = false;
            if (await forward(cursor, send)) dirty = true;
          }
        } catch {
          stop();
        } finally {
          busy = false;
        }
      };
      const unsubscribe = onTopics(topics, () => void pump());
      const unguard = guardStream({
        actor,
        allowed: async (now) =>
          (await Promise.all(topics.map((topic) => mayHear(now, topic)))).every(Boolean),
        // Proxies close quiet connections; a comment line keeps ours.
        onBeat: () => send(": beat\n\n"),
        onLost: () => {
          send("event: closed\ndata: {}\n\n");
          stop();
        },
      });
      leave = () => {
        closed = true;
        unguard();
        unsubscribe();
      };
      stop = () => {
        if (closed) return;
        leave();
        controller.close();
      };
      signal.addEventListener("abort", stop, { once: true });
      send(`retry: 1000\nid: ${formatCursor(cursor)}\nevent: ready\ndata: {}\n\n`);
      void pump();
    },
    // The reader went away: the stream is closed already.
    cancel: () => leave(),
  });
  return new Response(body, { headers: STREAM_HEADERS });
}

/** Sends what is new on every topic in order of time; true when there may be more. */
async function forward(cursor: Cursor, send: (text: string) => void): Promise<boolean> {
  const pages = await Promise.all(
    [...cursor].map(([topic, seq]) =>
      db.event.findMany({ where: { topic, seq: { gt: seq } }, orderBy: { seq: "asc" }, take: BATCH }),
    ),
  );
  const rows = pages.flat().toSorted((a, b) => a.at.getTime() - b.at.getTime() || a.seq - b.seq);
  for (const [topic, seq] of cursor) {
    const first = rows.find((row) => row.topic === topic);
    // Old events are deleted after a while; a reader from before then has to load afresh.
    if (first && first.seq > seq + 1) send("event: reset\ndata: {}\n\n");
  }
  for (const row of rows) {
    cursor.set(row.topic, Math.max(row.seq, cursor.get(row.topic) ?? 0));
    const data = JSON.stringify({
      topic: row.topic,
      seq: row.seq,
      type: row.type,
      at: row.at,
      data: row.data,
    });
    send(`id: ${formatCursor(cursor)}\ndata: ${data}\n\n`);
  }
  return pages.some((page) => page.length === BATCH);
}
