import type { Tx } from "#lib/db.ts";
import { NOW } from "#lib/stages/time.ts";

/** Where an item of a release stands; sure under the lock of its release. */
export type Standing = {
  /** Its last attempt. */
  newest: { id: string; attempt: number } | null;
  hasArtifact: boolean;
  /** The database's clock. */
  now: Date;
};

/** Reads it, after the caller has locked the release: what waited for the lock sees what the other did. */
export async function readStanding(tx: Tx, itemId: string): Promise<Standing> {
  const [row] = await tx.$queryRaw<
    { id: string | null; attempt: number | null; hasArtifact: boolean; now: Date }[]
  >`
    SELECT newest.id, newest.attempt, ${NOW} AS now,
      EXISTS (SELECT 1 FROM "Artifact" a WHERE a."itemId" = item.id) AS "hasArtifact"
    FROM "ReleaseItem" item LEFT JOIN LATERAL (
      SELECT b.id, b.attempt FROM "Build" b WHERE b."itemId" = item.id ORDER BY b.attempt DESC LIMIT 1
    ) newest ON true
    WHERE item.id = ${itemId}::uuid`;
  if (!row) throw new Error("the item is gone");
  const { id, attempt, hasArtifact, now } = row;
  return { newest: id === null || attempt === null ? null : { id, attempt }, hasArtifact, now };
}
