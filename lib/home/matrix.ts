import { db } from "#lib/db.ts";
import type { CellDto, MatrixProjectDto } from "./schema.ts";

type Person = { username: string; displayName: string };
type Running = {
  componentId: string;
  environmentId: string;
  release: string;
  title: string;
  digest: string;
  endedAt: Date;
  deployment: string;
} & Person;
type Mark = {
  componentId: string;
  environmentId: string;
  state: string;
  release: string;
  username: string | null;
  displayName: string | null;
};

/** What runs, by component and environment: the release of the last good deployment that carried the component. */
const runningOf = (projectIds: string[]) => db.$queryRaw<Running[]>`
  SELECT DISTINCT ON (d."environmentId", i."componentId") i."componentId", d."environmentId", r.number AS release,
    r.title, a.digest, d."endedAt", d.id AS deployment, u.username, u."displayName"
  FROM "Deployment" d JOIN "Release" r ON r.id = d."releaseId" JOIN "ReleaseItem" i ON i."releaseId" = r.id
  JOIN "Artifact" a ON a."itemId" = i.id JOIN "User" u ON u.id = d."createdById"
  WHERE d."projectId" = ANY(${projectIds}::uuid[]) AND d.state = 'succeeded'
  ORDER BY d."environmentId", i."componentId", d."endedAt" DESC`;

/** Releases that are on their way in an environment. */
const marksOf = (projectIds: string[]) => db.$queryRaw<Mark[]>`
  SELECT i."componentId", s."environmentId", s.state, r.number AS release, u.username, u."displayName"
  FROM "Stage" s JOIN "Release" r ON r.id = s."releaseId" JOIN "ReleaseItem" i ON i."releaseId" = r.id
  LEFT JOIN "Reservation" v ON v."releaseId" = r.id AND v."environmentId" = s."environmentId" AND v."releasedAt" IS NULL
  LEFT JOIN "User" u ON u.id = v."heldById"
  WHERE r."projectId" = ANY(${projectIds}::uuid[]) AND s.state IN ('deploying', 'testing', 'failed')`;

/** How many newer builds of a component passed the environment before this one and have not come here yet. */
const behindOf = (projectIds: string[]) => db.$queryRaw<
  { componentId: string; environmentId: string; count: number; release: string }[]
>`
  SELECT i."componentId", s."environmentId", count(*)::int AS count, max(r.number) AS release
  FROM "Stage" s JOIN "Release" r ON r.id = s."releaseId" JOIN "ReleaseItem" i ON i."releaseId" = r.id
  JOIN "Environment" e ON e.id = s."environmentId"
  JOIN LATERAL (
    SELECT p.state FROM "Stage" p JOIN "Environment" pe ON pe.id = p."environmentId"
    WHERE p."releaseId" = r.id AND pe.rank < e.rank ORDER BY pe.rank DESC LIMIT 1) previous ON previous.state = 'passed'
  WHERE r."projectId" = ANY(${projectIds}::uuid[]) AND s.state IN ('waiting', 'entered') AND r.state = 'built'
  GROUP BY 1, 2`;

/** The version x environment matrix of some projects. */
export async function matrixOf(projectIds: string[], now: Date): Promise<MatrixProjectDto[]> {
  if (projectIds.length === 0) return [];
  const [projects, running, marks, behind, freezes, holds, queues] = await Promise.all([
    db.project.findMany({
      where: { id: { in: projectIds } },
      orderBy: { key: "asc" },
      select: {
        id: true,
        key: true,
        name: true,
        environments: {
          orderBy: { environment: { rank: "asc" } },
          select: { environment: { select: { id: true, key: true, name: true, kind: true, rank: true } } },
        },
        components: {
          where: { archivedAt: null },
          orderBy: { key: "asc" },
          select: { id: true, key: true, name: true, kind: true },
        },
      },
    }),
    runningOf(projectIds),
    marksOf(projectIds),
    behindOf(projectIds),
    db.freezeWindow.findMany({
      where: {
        OR: [{ projectId: null }, { projectId: { in: projectIds } }],
        cancelledAt: null,
        startsAt: { lte: now },
        endsAt: { gt: now },
      },
      select: { projectId: true, environmentId: true, endsAt: true, reason: true },
    }),
    db.reservation.findMany({
      where: { projectId: { in: projectIds }, releasedAt: null },
      select: {
        projectId: true,
        environmentId: true,
        release: { select: { number: true } },
        heldBy: { select: { username: true, displayName: true } },
      },
    }),
    db.queueEntry.groupBy({
      by: ["projectId", "environmentId"],
      where: { projectId: { in: projectIds }, endedAt: null },
      _count: { id: true },
    }),
  ]);
  const at = (componentId: string, environmentId: string) => `${componentId} ${environmentId}`;
  const runningAt = new Map(running.map((row) => [at(row.componentId, row.environmentId), row]));
  const behindAt = new Map(behind.map((row) => [at(row.componentId, row.environmentId), row]));
  const marksAt = Map.groupBy(marks, (row) => at(row.componentId, row.environmentId));

  const cell = (componentId: string, environment: { id: string; key: string }): CellDto => {
    const place = at(componentId, environment.id);
    const row = runningAt.get(place);
    const newer = behindAt.get(place);
    return {
      environment: environment.key,
      release: row?.release ?? null,
      title: row?.title ?? null,
      digest: row?.digest ?? null,
      deployedAt: row?.endedAt.toISOString() ?? null,
      deployedBy: row ? { username: row.username, displayName: row.displayName } : null,
      deployment: row?.deployment ?? null,
      marks: [
        ...(marksAt.get(place) ?? []).map((mark) => ({
          kind: mark.state as "deploying" | "testing" | "failed",
          release: mark.release,
          person:
            mark.username && mark.displayName
              ? { username: mark.username, displayName: mark.displayName }
              : null,
          count: 1,
        })),
        ...(newer
          ? [{ kind: "behind" as const, release: newer.release, person: null, count: newer.count }]
          : []),
      ],
    };
  };

  return projects.map((project) => ({
    key: project.key,
    name: project.name,
    environments: project.environments.map(({ environment: { id, ...environment } }) => {
      const freeze = freezes.find(
        (row) => row.environmentId === id && (row.projectId === null || row.projectId === project.id),
      );
      const hold = holds.find((row) => row.projectId === project.id && row.environmentId === id);
      return {
        ...environment,
        frozenUntil: freeze?.endsAt.toISOString() ?? null,
        freezeReason: freeze?.reason ?? null,
        heldBy: hold?.heldBy ?? null,
        heldFor: hold?.release.number ?? null,
        queue: queues.find((row) => row.projectId === project.id && row.environmentId === id)?._count.id ?? 0,
      };
    }),
    components: project.components.map(({ id, ...component }) => ({
      ...component,
      cells: project.environments.map(({ environment }) => cell(id, environment)),
    })),
  }));
}
