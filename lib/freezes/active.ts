import type { Tx } from "#lib/db.ts";

export type ActiveFreeze = { id: string; reason: string; startsAt: Date; endsAt: Date; global: boolean };

/** The freeze window that covers `now` for a project's environment (its own or everyone's); the one that ends last. */
export async function activeFreeze(
  tx: Tx,
  projectId: string,
  environmentId: string,
  now: Date,
): Promise<ActiveFreeze | null> {
  const row = await tx.freezeWindow.findFirst({
    where: {
      environmentId,
      cancelledAt: null,
      OR: [{ projectId: null }, { projectId }],
      startsAt: { lte: now },
      endsAt: { gt: now },
    },
    orderBy: { endsAt: "desc" },
    select: { id: true, reason: true, startsAt: true, endsAt: true, projectId: true },
  });
  if (!row) return null;
  const { projectId: of, ...window } = row;
  return { ...window, global: of === null };
}
