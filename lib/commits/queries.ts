import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import type { GitCommit, GitCommitDetail } from "#lib/adapters/ports.ts";
import { commitPage, gitHostOf } from "#lib/artifacts/commit-page.ts";
import { runsOf } from "#lib/artifacts/running.ts";
import { sourceHost } from "#lib/connections/git.ts";
import { db } from "#lib/db.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import { readProject } from "#lib/projects/queries.ts";
import { toCommit } from "#lib/releases/changes.ts";
import { distinctTickets, ticketsIn } from "#lib/tickets/find.ts";
import { ticketPatterns } from "#lib/tickets/queries.ts";
import type { TicketPattern } from "#lib/tickets/schema.ts";
import { bodyOf } from "./message.ts";
import type { CommitDetailDto, CommitPageDto, commitParams } from "./schema.ts";

/** Commits before it that are told. */
const BEFORE = 10;
/** Release orders of the component that are looked through for later commits that have this one, the newest. */
const RELEASES = 50;
/** Different commits of these that Git is asked about. */
const ASKED = 12;
const TIMEOUT_MS = 20_000;
const MOST_TICKETS = 20;
/** Tickets stand at the beginning of a message, or at its end; most have few lines. */
const SEARCHED_LINES = 100;

type Asked = { commit: GitCommitDetail | null; before: GitCommit[]; error: AdapterError | null };

/**
 * A commit of a component, as the Git host and the record know it: one that the Git host has lost is still told of by
 * what was built from it.
 * @throws AppError NOT_FOUND when neither knows it; AdapterError when the record does not and Git cannot be asked
 */
export async function getCommit(actor: Actor, input: z.infer<typeof commitParams>): Promise<CommitPageDto> {
  const project = await readProject(actor, input.project);
  const component = await db.component.findUnique({
    where: { projectId_key: { projectId: project.id, key: input.component } },
    select: { id: true, key: true, name: true, gitUrl: true },
  });
  if (!component) throw new AppError("NOT_FOUND", `no component ${input.component} in ${input.project}`);
  const { gitUrl } = component;
  const wanted = input.commit.toLowerCase();
  const [items, own, asked] = await Promise.all([
    itemsOf(component.id, {}),
    itemsOf(component.id, { startsWith: wanted }),
    ask(input.project, gitUrl, wanted),
  ]);
  const sha = asked.commit?.commit ?? own[0]?.commit;
  if (sha === undefined) throw asked.error ?? new AppError("NOT_FOUND", `no commit ${wanted}`);
  const host = gitHostOf(gitUrl);
  const built = own.filter(({ commit }) => commit === sha);
  const digests = new Set(built.flatMap(({ artifact }) => artifact?.digest ?? []));
  const [patterns, registered, later, runs] = await Promise.all([
    ticketPatterns(project.id),
    host === null ? null : db.sourceHost.findUnique({ where: { host }, select: { kind: true } }),
    asked.commit ? laterThan(input.project, gitUrl, sha, items) : new Set<string>(),
    Promise.all([...digests].map((digest) => runsOf(component, digest))),
  ]);
  return {
    project: input.project,
    projectName: await nameOf(project.id),
    component: component.key,
    componentName: component.name,
    sha,
    commit: asked.commit && toDetail(asked.commit, patterns),
    problem: asked.error?.failure ?? null,
    url: commitPage(registered, gitUrl, sha),
    before: asked.before.map((commit) => toCommit(commit, patterns)),
    releases: [...built, ...items.filter(({ commit }) => later.has(commit))]
      .sort((a, b) => b.release.createdAt.getTime() - a.release.createdAt.getTime())
      .map(({ release, ref, commit }) => ({
        number: release.number,
        title: release.title,
        state: release.state,
        ref,
        createdAt: release.createdAt.toISOString(),
        relation: commit === sha ? ("builds" as const) : ("contains" as const),
      })),
    builds: built.flatMap(({ builds, release }) =>
      builds.map(({ id, attempt, state, startedAt, endedAt }) => ({
        ...{ id, attempt, state, release: release.number },
        startedAt: startedAt?.toISOString() ?? null,
        endedAt: endedAt?.toISOString() ?? null,
      })),
    ),
    artifacts: built.flatMap(({ artifact, release }) =>
      artifact === null
        ? []
        : [
            {
              id: artifact.id,
              digest: artifact.digest,
              release: release.number,
              createdAt: artifact.createdAt.toISOString(),
            },
          ],
    ),
    runs: runs.flat(),
  };
}

function toDetail(commit: GitCommitDetail, patterns: readonly TicketPattern[]): CommitDetailDto {
  const { authorEmail, committerName, committerEmail, committedAt, parents, reachable } = commit;
  const { body, bodyCut } = bodyOf(commit.message);
  const lines = body.split("\n", SEARCHED_LINES);
  const told = toCommit(commit, patterns);
  return {
    ...told,
    ...{ authorEmail, committerName, committerEmail, parents, reachable, body, bodyCut },
    committedAt: committedAt.toISOString(),
    tickets: distinctTickets([...told.tickets, ...lines.flatMap((line) => ticketsIn(line, patterns))]).slice(
      0,
      MOST_TICKETS,
    ),
  };
}

const nameOf = async (id: string) =>
  (await db.project.findUniqueOrThrow({ where: { id }, select: { name: true } })).name;

/** What release orders froze of a component, the newest first. @param commit which commits; all of them: `{}` */
async function itemsOf(componentId: string, commit: { startsWith?: string }) {
  const rows = await db.releaseItem.findMany({
    where: { componentId, commit: { not: null, ...commit } },
    orderBy: { id: "desc" },
    take: RELEASES,
    select: {
      ref: true,
      commit: true,
      release: { select: { number: true, title: true, state: true, createdAt: true } },
      artifact: { select: { id: true, digest: true, createdAt: true } },
      builds: {
        orderBy: { attempt: "desc" },
        select: { id: true, attempt: true, state: true, startedAt: true, endedAt: true },
      },
    },
  });
  return rows.flatMap(({ commit, ...row }) => (commit === null ? [] : [{ ...row, commit }]));
}
type Item = Awaited<ReturnType<typeof itemsOf>>[number];

async function ask(project: string, gitUrl: string, commit: string): Promise<Asked> {
  const host = sourceHost(project);
  const options = { signal: AbortSignal.timeout(TIMEOUT_MS) };
  try {
    const found = await host.commit({ gitUrl, commit }, options);
    if (found === null) return { commit: null, before: [], error: null };
    const { items } = await host
      .commits({ gitUrl, ref: found.commit, limit: BEFORE + 1 }, options)
      .catch(failedAs({ items: [] }));
    return { commit: found, before: items.filter(({ commit: id }) => id !== found.commit), error: null };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return { commit: null, before: [], error };
  }
}

/** An answer in place of a Git host's failure. */
const failedAs =
  <Answer>(answer: Answer) =>
  (error: unknown): Answer => {
    if (error instanceof AdapterError) return answer;
    throw error;
  };

/** Of the commits that release orders were frozen to: those that have `sha` behind them. */
async function laterThan(
  project: string,
  gitUrl: string,
  sha: string,
  items: readonly Item[],
): Promise<Set<string>> {
  const host = sourceHost(project);
  const others = [...new Set(items.map(({ commit }) => commit))].filter((commit) => commit !== sha);
  const found = new Set<string>();
  for (const commit of others.slice(0, ASKED)) {
    // A commit that the Git host has lost tells nothing; the others still do.
    const asked = host.between({ gitUrl, from: commit, to: sha, limit: 1 }).catch(failedAs(null));
    if ((await asked)?.total === 0) found.add(commit);
  }
  return found;
}
