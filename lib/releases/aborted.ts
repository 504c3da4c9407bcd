import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";

/**
 * Ids of the release orders that are shown as `build_aborted`: the rule of `shownState`, asked of the database.
 * @param where narrows the search; what is left out narrows nothing
 */
export async function abortedReleases(where: {
  projects: string[] | null;
  project: string | undefined;
  /** Only those of this person. */
  creator: Actor | null;
}): Promise<string[]> {
  const { projects, project, creator } = where;
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT r.id FROM "Release" r JOIN "Project" p ON p.id = r."projectId"
    WHERE r.state = 'build_failed'
      AND (${projects}::uuid[] IS NULL OR r."projectId" = ANY(${projects}::uuid[]))
      AND (${project ?? null}::text IS NULL OR p.key = ${project ?? null})
      AND (${creator?.id ?? null}::uuid IS NULL OR r."createdById" = ${creator?.id ?? null}::uuid)
      AND (
        SELECT bool_and(coalesce(newest.state = 'aborted', false)) FROM "ReleaseItem" i
        LEFT JOIN LATERAL (
          SELECT b.state FROM "Build" b WHERE b."itemId" = i.id ORDER BY b.attempt DESC LIMIT 1
        ) newest ON true
        WHERE i."releaseId" = r.id AND NOT EXISTS (SELECT 1 FROM "Artifact" a WHERE a."itemId" = i.id)
      )`;
  return rows.map(({ id }) => id);
}
