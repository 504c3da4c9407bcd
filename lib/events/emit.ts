import type { Tx } from "#lib/db.ts";
import { heldBack, type NewEvent } from "#lib/held-back.ts";

/** Channel of LISTEN/NOTIFY; the payload is `<topic> <seq>`. */
export const EVENT_CHANNEL = "refract_events";

/**
 * Records one event on every topic it concerns (`release:<number>`, `project:<key>`, `deployment:<id>`, `build:<id>`,
 * `user:<username>`) inside the caller's transaction; in one of `transaction` (lib/transaction.ts) at its end, with the
 * others. Elsewhere call it last but for the audit record, so that the topics' locks are held briefly.
 */
export async function emit(tx: Tx, event: NewEvent): Promise<void> {
  const held = heldBack(tx);
  if (held) held.events.push(event);
  else await emitAll(tx, [event]);
}

/**
 * Records events in their order. A topic's row lock orders writers, so a reader that saw sequence n has seen all before
 * n. Topics are taken in sorted order: two transactions never lock them crosswise.
 */
export async function emitAll(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  // One statement: this runs in every transaction, and each trip to the database holds the locks longer.
  const lines = events.flatMap(({ topics, type, data }, place) =>
    [...new Set(topics)].map((topic) => ({ topic, place, type, data })),
  );
  await tx.$executeRaw`
    WITH lines AS (
      SELECT topic, type, data, row_number() OVER (PARTITION BY topic ORDER BY place) AS nth
      FROM jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) AS line (topic text, place int, type text, data jsonb)
    ), topics AS (
      INSERT INTO "EventTopic" (topic, seq)
      SELECT topic, count(*) FROM lines GROUP BY topic ORDER BY topic
      ON CONFLICT (topic) DO UPDATE SET seq = "EventTopic".seq + excluded.seq RETURNING topic, seq
    ), events AS (
      INSERT INTO "Event" (topic, seq, type, data, at)
      SELECT topic, topics.seq - count(*) OVER (PARTITION BY topic) + nth, type, data, clock_timestamp()
      FROM topics JOIN lines USING (topic) ORDER BY topic, nth
      RETURNING topic, seq
    )
    SELECT pg_notify(${EVENT_CHANNEL}, topic || ' ' || max(seq)) FROM events GROUP BY topic`;
}
