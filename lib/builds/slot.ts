import type { Tx } from "#lib/db.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import type { StoredParameters } from "./parameters.ts";
import type { BuildRow } from "./row.ts";
import type { Wait } from "./wait.ts";

type Slot =
  /** It counts as sent from here on. */
  | { state: "taken"; at: Date }
  /** The project builds as much as it may. */
  | { state: "full"; wait: Wait }
  /** Somebody else has done something to it meanwhile. */
  | { state: "moved" };

/**
 * Records that a build is sent, if its project's cap lets it. A slot is taken from the trigger to the end; who waits
 * goes in the order of the builds' ids. One transaction under a lock of the project, so that two workers do not both
 * take the last slot; a project without a cap needs no lock.
 */
export function takeSlot(
  build: BuildRow,
  parameters: StoredParameters,
  secretsEncrypted: string | null,
): Promise<Slot> {
  return transaction(async (tx) => {
    const projectId = build.item.component.project.id;
    const { maxBuilds } = await tx.project.findUniqueOrThrow({
      where: { id: projectId },
      select: { maxBuilds: true },
    });
    if (maxBuilds !== null) {
      await lockSlots(tx, projectId);
      const { sent, ahead } = await countOpen(tx, projectId, build.id);
      if (sent + ahead >= maxBuilds) {
        return { state: "full", wait: { why: "PROJECT_CAP", reason: "", ahead } };
      }
    }
    const at = await databaseTime(tx);
    const { count } = await tx.build.updateMany({
      where: { id: build.id, version: build.version, state: "queued", triggerSentAt: null },
      data: { triggerSentAt: at, parameters, secretsEncrypted, version: { increment: 1 } },
    });
    return count === 0 ? { state: "moved" } : { state: "taken", at };
  });
}

/**
 * How many new builds of a project may be sent at once beside those that have a slot or wait for one. The lock is kept
 * until the transaction that sends them ends.
 */
export async function freeSlots(tx: Tx, projectId: string, maxBuilds: number): Promise<number> {
  await lockSlots(tx, projectId);
  const { sent, ahead } = await countOpen(tx, projectId, null);
  return Math.max(0, maxBuilds - sent - ahead);
}

const lockSlots = (tx: Tx, projectId: string) =>
  tx.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(hashtextextended(${`builds:${projectId}`}, 0))`;

/**
 * Builds of a project that have a slot, and those before `id` (null: all) that want one. One that is kept from the trigger by its
 * build server wants none yet, so that a server that is away does not hold up what is built on another.
 */
async function countOpen(
  tx: Tx,
  projectId: string,
  id: string | null,
): Promise<{ sent: number; ahead: number }> {
  const [row] = await tx.$queryRaw<{ sent: number; ahead: number }[]>`
    SELECT count(*) FILTER (WHERE b."triggerSentAt" IS NOT NULL)::int AS sent,
      count(*) FILTER (WHERE b."triggerSentAt" IS NULL AND (${id}::uuid IS NULL OR b.id < ${id}::uuid) AND b."abortRequestedAt" IS NULL
        AND (b."queueWhy" IS NULL OR b."queueWhy" = 'PROJECT_CAP'))::int AS ahead
    FROM "Build" b JOIN "ReleaseItem" i ON i.id = b."itemId" JOIN "Component" c ON c.id = i."componentId"
    WHERE c."projectId" = ${projectId}::uuid AND b.state IN ('queued', 'running')`;
  if (!row) throw new Error("a count is always answered");
  return row;
}

/** The build of a project that waits longest for a slot; null when none does. Looked at when a slot came free. */
export async function nextForSlot(tx: Tx, projectId: string): Promise<string | null> {
  const next = await tx.build.findFirst({
    where: {
      state: "queued",
      triggerSentAt: null,
      queueWhy: "PROJECT_CAP",
      item: { component: { projectId } },
    },
    orderBy: { id: "asc" },
    select: { id: true },
  });
  return next?.id ?? null;
}
