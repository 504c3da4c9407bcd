import { db } from "#lib/db.ts";
import type { AgendaDto } from "./schema.ts";

const DAY_MS = 24 * 3_600_000;
const LIMIT = 8;

/** Freeze windows and scheduled deployments of some projects in the 24 hours from `now`, by time. */
export async function agendaOf(projectIds: string[], now: Date): Promise<AgendaDto> {
  const end = new Date(now.getTime() + DAY_MS);
  const [freezes, scheduled] = await Promise.all([
    db.freezeWindow.findMany({
      where: {
        OR: [{ projectId: null }, { projectId: { in: projectIds } }],
        cancelledAt: null,
        startsAt: { lt: end },
        endsAt: { gt: now },
      },
      orderBy: { startsAt: "asc" },
      take: LIMIT,
      select: {
        id: true,
        startsAt: true,
        endsAt: true,
        reason: true,
        project: { select: { key: true } },
        environment: { select: { key: true } },
      },
    }),
    db.deployment.findMany({
      where: {
        projectId: { in: projectIds },
        state: { in: ["scheduled", "awaiting_approval"] },
        scheduledAt: { gte: now, lt: end },
      },
      orderBy: { scheduledAt: "asc" },
      take: LIMIT,
      select: {
        id: true,
        scheduledAt: true,
        environment: { select: { key: true } },
        release: {
          select: { number: true, title: true, items: { select: { component: { select: { key: true } } } } },
        },
      },
    }),
  ]);
  return {
    freezes: freezes.map((row) => ({
      id: row.id,
      project: row.project?.key ?? null,
      environment: row.environment.key,
      startsAt: row.startsAt.toISOString(),
      endsAt: row.endsAt.toISOString(),
      reason: row.reason,
    })),
    scheduled: scheduled.map((row) => ({
      deployment: row.id,
      release: row.release.number,
      title: row.release.title,
      environment: row.environment.key,
      at: (row.scheduledAt ?? now).toISOString(),
      components: row.release.items.map(({ component }) => component.key),
    })),
  };
}
