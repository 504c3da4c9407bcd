import type { Freeze } from "#components/releases/detail/freeze.ts";
import { db } from "#lib/db.ts";
import { databaseTime } from "#lib/stages/time.ts";

/** Freeze windows that hold now on the way of a release order, one an environment: the one that ends last. */
export async function freezesOf(project: string, environments: string[]): Promise<Freeze[]> {
  const now = await databaseTime(db);
  const rows = await db.freezeWindow.findMany({
    where: {
      environment: { key: { in: environments } },
      OR: [{ projectId: null }, { project: { key: project } }],
      cancelledAt: null,
      startsAt: { lte: now },
      endsAt: { gt: now },
    },
    orderBy: { endsAt: "asc" },
    select: { endsAt: true, reason: true, environment: { select: { key: true } } },
  });
  const last = new Map(rows.map((row) => [row.environment.key, row]));
  return [...last.values()].map(({ environment, endsAt, reason }) => ({
    environment: environment.key,
    until: endsAt.toISOString(),
    reason,
  }));
}
