import { db } from "#lib/db.ts";
import { logger } from "#lib/logger.ts";

export const dynamic = "force-dynamic";

/** Ready: the database answers and is migrated. */
export async function GET(): Promise<Response> {
  try {
    await db.auditHead.findUniqueOrThrow({ where: { id: 1 }, select: { seq: true } });
    return Response.json({ ok: true });
  } catch (error) {
    logger.warn({ error }, "not ready");
    return Response.json(
      { ok: false, reason: "the database does not answer or is not migrated" },
      { status: 503 },
    );
  }
}
