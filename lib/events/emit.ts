import type { Tx } from "#lib/db.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";

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
  for (const topic of topics) {
    const [row] = await tx.$queryRaw<{ seq: number }[]>`
      INSERT INTO "EventTopic" (topic, seq) VALUES (${topic}, 1)
      ON CONFLICT (topic) DO UPDATE SET seq = "EventTopic".seq + 1 RETURNING seq`;
    if (!row) throw new Error(`no sequence for ${topic}`);
    await tx.event.create({
      data: { topic, seq: row.seq, type: event.type, data: event.data as Prisma.InputJsonObject },
    });
    await tx.$executeRaw`SELECT pg_notify(${EVENT_CHANNEL}, ${`${topic} ${row.seq}`})`;
  }
}
