import { db } from "#lib/db.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { noteWaiver } from "./record.ts";

/** At most so many in one sweep; the next one goes on. */
const AT_ONCE = 100;

/**
 * Writes down, and tells, that the time of waivers is over. Whether one holds never depends on this: its end is compared
 * wherever it counts.
 */
export async function endLapsedWaivers(): Promise<void> {
  const over = {
    state: { in: ["asked", "granted"] },
    expiresAt: { lte: await databaseTime(db) },
  };
  const rows = await db.waiver.findMany({
    where: over,
    orderBy: { expiresAt: "asc" },
    take: AT_ONCE,
    select: {
      id: true,
      version: true,
      subject: true,
      reason: true,
      comment: true,
      expiresAt: true,
      project: { select: { key: true } },
      component: { select: { key: true } },
      environment: { select: { key: true } },
      release: { select: { number: true } },
      owner: { select: { username: true } },
    },
  });
  for (const { version, project, component, environment, release, expiresAt, ...row } of rows) {
    await transaction(async (tx) => {
      const { count } = await tx.waiver.updateMany({
        where: { ...over, id: row.id, version },
        data: { state: "ended", version: version + 1 },
      });
      // Another worker was first, or somebody revoked it.
      if (count === 0) return;
      await noteWaiver(tx, null, "end", {
        ...row,
        project: project.key,
        component: component?.key ?? null,
        environment: environment.key,
        release: release?.number ?? null,
        expiresAt: expiresAt.toISOString(),
      });
    });
  }
}
