import { db } from "#lib/db.ts";
import type { ReleaseLife } from "./life.ts";

type Attempt = { from: Date; until: Date | null };
/** Attempts before the last one, by deployment. */
export type Attempts = Map<string, Attempt[]>;

/**
 * When the attempts before the last one of deployments ran: a deployment's row keeps the last one's start alone, its
 * steps keep them all. An attempt of which no step began is none.
 */
export async function earlierAttempts(deployments: readonly string[]): Promise<Attempts> {
  if (deployments.length === 0) return new Map();
  const rows = await db.$queryRaw<{ deployment: string; from: Date; until: Date | null }[]>`
    SELECT t."deploymentId" AS deployment, min(s."startedAt") AS from, max(s."endedAt") AS until
    FROM "DeploymentTarget" t JOIN "Deployment" d ON d.id = t."deploymentId"
    JOIN "DeploymentStep" s ON s."deploymentTargetId" = t.id
    WHERE t."deploymentId" = ANY(${deployments}::uuid[]) AND s.attempt < d.attempt
    GROUP BY t."deploymentId", s.attempt HAVING min(s."startedAt") IS NOT NULL ORDER BY 2`;
  return Map.groupBy(rows, ({ deployment }) => deployment);
}

/**
 * Every attempt of a deployment that began, in order; one of which no end is known ended when the next began. Pure. While
 * a further attempt waits its row still has the start of the one before.
 */
export function attemptsOf(
  run: { id: string; startedAt: Date | null; endedAt: Date | null },
  earlier: Attempts,
): ReleaseLife["deployments"][number]["attempts"] {
  const all: Attempt[] = [...(earlier.get(run.id) ?? [])];
  const { startedAt, endedAt } = run;
  if (startedAt !== null && all.every(({ from }) => from < startedAt))
    all.push({ from: startedAt, until: endedAt });
  return all.map(({ from, until }, index) => ({ from, until: until ?? all[index + 1]?.from ?? null }));
}
