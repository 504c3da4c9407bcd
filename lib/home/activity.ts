import { db } from "#lib/db.ts";
import type { HomeDto } from "./schema.ts";

/** Audit actions that people follow; the rest is for auditors. */
const SHOWN = [
  "release.create",
  "release.build",
  "release.abandon",
  "release.finish_build",
  "release.fail_build",
  "release.abort_build",
  "stage.enter",
  "stage.pass",
  "stage.reject",
  "stage.leave",
  "plan.approve",
  "plan.reject",
  "deployment.start",
  "deployment.schedule",
  "deployment.succeed",
  "deployment.fail",
  "deployment.cancel",
  "deployment.retry",
  "live.restart",
  "live.scale",
  "live.pause",
  "live.resume",
  "freeze.create",
  "freeze.cancel",
];

/** The last things that happened in some projects, newest first. */
export async function activityOf(projectKeys: string[]): Promise<HomeDto["activity"]> {
  const rows = await db.$queryRaw<
    {
      seq: bigint;
      at: Date;
      username: string;
      displayName: string | null;
      action: string;
      project: string;
      release: string | null;
      environment: string | null;
    }[]
  >`
    SELECT a.seq, a.at, a."actorName" AS username, u."displayName", a.action, a."projectKey" AS project,
      coalesce(a.data->>'release', CASE WHEN a.subject = 'release' THEN a."subjectId" END) AS release,
      a.data->>'environment' AS environment
    FROM "AuditEntry" a LEFT JOIN "User" u ON u.id = a."actorId"
    WHERE a."projectKey" = ANY(${projectKeys}) AND a.action = ANY(${SHOWN}) ORDER BY a.seq DESC LIMIT 12`;
  return rows.map(({ seq, at, username, displayName, ...row }) => ({
    ...row,
    seq: String(seq),
    at: at.toISOString(),
    actor: { username, displayName: displayName ?? username },
  }));
}
