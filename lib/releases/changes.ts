import type { Actor } from "#lib/access/actor.ts";
import type { GitCommit } from "#lib/adapters/ports.ts";
import { sourceHost } from "#lib/connections/git.ts";
import { db } from "#lib/db.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import { createBudget, distinctTickets, ticketsIn } from "#lib/tickets/find.ts";
import { ticketPatterns } from "#lib/tickets/queries.ts";
import type { TicketPattern } from "#lib/tickets/schema.ts";
import { readRelease } from "./queries.ts";
import type { ChangesDto, CommitDto } from "./schema.ts";

const LIMIT = 100;

/**
 * Per item the commits between what runs in an environment and what this release brings. A draft is compared by where
 * its refs point now. What cannot be read is said per item; the others are shown.
 * @throws AppError NOT_FOUND
 */
export async function releaseChanges(actor: Actor, number: string, against: string): Promise<ChangesDto> {
  const { id, project } = await readRelease(actor, number);
  const environment = await db.environment.findUnique({
    where: { key: against },
    select: { id: true, key: true },
  });
  if (!environment) throw new AppError("NOT_FOUND", `no environment ${against}`);
  const items = await db.releaseItem.findMany({
    where: { releaseId: id },
    orderBy: { component: { key: "asc" } },
    select: {
      ref: true,
      commit: true,
      artifact: { select: { commit: true } },
      component: { select: { id: true, key: true, name: true, gitUrl: true } },
    },
  });
  const [running, patterns] = await Promise.all([
    runningCommits(
      project.id,
      environment.id,
      items.map(({ component }) => component.id),
    ),
    ticketPatterns(project.id),
  ]);
  return {
    against: environment.key,
    items: await Promise.all(
      items.map(async ({ ref, commit, artifact, component }) => {
        const from = running.get(component.id) ?? null;
        const frozen = artifact?.commit ?? commit;
        return {
          component: component.key,
          componentName: component.name,
          from,
          ...(await commitsOf(
            { project: project.key, gitUrl: component.gitUrl, from: from?.commit ?? null, to: frozen, ref },
            patterns,
          )),
        };
      }),
    ),
  };
}

type Range = { project: string; gitUrl: string; from: string | null; to: string | null; ref: string };

async function commitsOf(
  { project, gitUrl, from, to: frozen, ref }: Range,
  patterns: readonly TicketPattern[],
) {
  const host = sourceHost(project);
  const nothing = { to: frozen, commits: [], total: 0, tickets: [] };
  try {
    const to = frozen ?? (await host.resolve({ gitUrl, ref }))?.commit;
    if (!to) return { ...nothing, problem: "REF_NOT_FOUND" };
    const { commits, total } = await host.between({ gitUrl, from, to, limit: LIMIT });
    const budget = createBudget();
    const listed = commits.map((commit) => toCommit(commit, patterns, budget));
    const tickets = distinctTickets(listed.flatMap((commit) => commit.tickets));
    return { to, commits: listed, total, tickets, problem: null };
  } catch (error) {
    if (error instanceof AdapterError) return { ...nothing, problem: error.failure };
    throw error;
  }
}

/** A commit for the API, with the tickets that its subject names. */
export const toCommit = (
  commit: GitCommit,
  patterns: readonly TicketPattern[],
  budget?: { leftMs: number },
): CommitDto => ({
  commit: commit.commit,
  subject: commit.subject,
  authorName: commit.authorName,
  authoredAt: commit.authoredAt.toISOString(),
  tickets: ticketsIn(commit.subject, patterns, budget),
});

/** By component id: release and commit that the last successful deployment put into an environment. */
async function runningCommits(projectId: string, environmentId: string, componentIds: string[]) {
  const rows = await db.$queryRaw<{ componentId: string; release: string; commit: string }[]>`
    SELECT DISTINCT ON (i."componentId") i."componentId", r.number AS release, a.commit
    FROM "Deployment" d
    JOIN "Release" r ON r.id = d."releaseId"
    JOIN "ReleaseItem" i ON i."releaseId" = r.id
    JOIN "Artifact" a ON a."itemId" = i.id
    WHERE d."projectId" = ${projectId}::uuid AND d."environmentId" = ${environmentId}::uuid AND d.state = 'succeeded'
      AND i."componentId" = ANY(${componentIds}::uuid[])
    ORDER BY i."componentId", d."endedAt" DESC NULLS LAST, d.id DESC`;
  return new Map(rows.map(({ componentId, release, commit }) => [componentId, { release, commit }]));
}
