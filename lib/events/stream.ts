import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import type { EventStream } from "#lib/http/event-stream.ts";
import { logger } from "#lib/logger.ts";
import { type Cursor, formatCursor, parseCursor } from "./cursor.ts";
import { guardEvents } from "./guard.ts";
import { onTopics } from "./listen.ts";
import { mayHear } from "./topics.ts";

const BATCH = 500;

/**
 * Server-Sent Events of some topics. Without `lastEventId` it starts now; with it, right after what was seen.
 * It ends when the person loses the right to any of the topics, is disabled, or their session or API token ends.
 * @returns tells them; to be called once, by whoever opened it
 * @throws AppError NOT_FOUND for a topic that one may not hear
 */
export async function openStream(input: {
  actor: Actor;
  topics: string[];
  lastEventId: string | null;
}): Promise<(out: EventStream) => void> {
  const { actor, topics } = input;
  for (const topic of topics) {
    if (!(await mayHear(actor, topic))) throw new AppError("NOT_FOUND", `no topic ${topic}`);
  }
  const cursor = parseCursor(input.lastEventId, topics);
  const fresh = topics.filter((topic) => !cursor.has(topic));
  const heads = await db.eventTopic.findMany({ where: { topic: { in: fresh } } });
  for (const topic of fresh) cursor.set(topic, heads.find((head) => head.topic === topic)?.seq ?? 0);

  return (out) => {
    let open = true;
    let busy = false;
    let dirty = true;
    const pump = async () => {
      dirty = true;
      if (busy) return;
      busy = true;
      try {
        // What a slow reader has not taken waits in the database.
        while (dirty && open && out.keepsUp) {
          dirty = false;
          if (await forward(cursor, out)) dirty = true;
        }
      } catch (error) {
        // The reader comes back with what they heard last.
        logger.warn({ error }, "events cannot be read");
        out.end();
      } finally {
        busy = false;
      }
    };
    out.onEnd(onTopics(topics, () => void pump()));
    out.onEnd(() => {
      open = false;
    });
    out.onDrain(() => void pump());
    const allowed = async (now: Actor) =>
      (await Promise.all(topics.map((topic) => mayHear(now, topic)))).every(Boolean);
    guardEvents(out, { actor, allowed });
    out.send(`retry: 1000\nid: ${formatCursor(cursor)}\nevent: ready\ndata: {}\n\n`);
    void pump();
  };
}

/** Sends what is new on every topic in order of time; true when there may be more. */
async function forward(cursor: Cursor, out: EventStream): Promise<boolean> {
  const pages = await Promise.all(
    [...cursor].map(([topic, seq]) =>
      db.event.findMany({ where: { topic, seq: { gt: seq } }, orderBy: { seq: "asc" }, take: BATCH }),
    ),
  );
  const rows = pages.flat().toSorted((a, b) => a.at.getTime() - b.at.getTime() || a.seq - b.seq);
  for (const [topic, seq] of cursor) {
    const first = rows.find((row) => row.topic === topic);
    // Old events are deleted after a while; a reader from before then has to load afresh.
    if (first && first.seq > seq + 1) out.send("event: reset\ndata: {}\n\n");
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
    out.send(`id: ${formatCursor(cursor)}\ndata: ${data}\n\n`);
  }
  return pages.some((page) => page.length === BATCH);
}
