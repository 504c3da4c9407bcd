import type { Tx } from "#lib/db.ts";

/** Channel of LISTEN/NOTIFY; the payload is `<topic> <seq>`. */
export const EVENT_CHANNEL = "refract_events";

/**
 * Records one event on every topic it concerns (`release:<number>`, `project:<key>`, `deployment:<id>`, `build:<id>`,
 * `user:<username>`) inside the caller's transaction. The topic's row lock orders writers, so a reader that saw
 * sequence n has seen all before n. Topics are taken in sorted order: two transactions never lock them crosswise.
 * Call it last but for the audit record, so that the locks are held briefly.
 */
export async function emit(
  tx: Tx,
  event: { topics: string[]; type: string; data: Record<string, unknown> },
): Promise<void> {
  const topics = [...new Set(event.topics)].sort();
  // One statement: this runs in every transaction, and each trip to the database holds the locks longer.
  await tx.$executeRaw`
    WITH topics AS (
      INSERT INTO "EventTopic" (topic, seq)
      SELECT topic, 1 FROM unnest(${topics}::text[]) WITH ORDINALITY AS sorted (topic, place) ORDER BY place
      ON CONFLICT (topic) DO UPDATE SET seq = "EventTopic".seq + 1 RETURNING topic, seq
    ), events AS (
      INSERT INTO "Event" (topic, seq, type, data, at)
      SELECT topic, seq, ${event.type}, ${JSON.stringify(event.data)}::jsonb, clock_timestamp() FROM topics
      RETURNING topic, seq
    )
    SELECT pg_notify(${EVENT_CHANNEL}, topic || ' ' || seq) FROM events`;
}
