import type { Tx } from "#lib/db.ts";

/** `<yyyymmdd>-<project>-<nnn>`: unique, sortable by day, and a valid image tag. */
export const releaseNumber = (day: string, project: string, count: number): string =>
  `${day}-${project}-${String(count).padStart(3, "0")}`;

/** Next number of a project for today in Shanghai; the counter's row lock makes concurrent callers line up. */
export async function takeNumber(tx: Tx, project: { id: string; key: string }): Promise<string> {
  const [row] = await tx.$queryRaw<{ day: string; last: number }[]>`
    INSERT INTO "ReleaseCounter" ("projectId", day, last)
    VALUES (${project.id}::uuid, to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD'), 1)
    ON CONFLICT ("projectId", day) DO UPDATE SET last = "ReleaseCounter".last + 1 RETURNING day, last`;
  if (!row) throw new Error("no release number");
  return releaseNumber(row.day, project.key, row.last);
}
