import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import type { GitCommit } from "#lib/adapters/ports.ts";
import { commitPage, gitHostOf } from "#lib/artifacts/commit-page.ts";
import { sourceHost } from "#lib/connections/git.ts";
import { db } from "#lib/db.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import { readProject } from "#lib/projects/queries.ts";
import { toCommit } from "#lib/releases/changes.ts";
import { ticketPatterns } from "#lib/tickets/queries.ts";
import type { CommitPageDto, commitParams } from "./schema.ts";

/** Commits before it that are told. */
const BEFORE = 10;
/** Release orders of the component that are looked through for later commits that have this one, the newest. */
const RELEASES = 50;
/** Different commits of these that Git is asked about. */
const ASKED = 12;

type Asked = { commit: GitCommit | null; before: GitCommit[]; problem: string | null };

/**
 * A commit of a component, as the Git host and the record know it: one that the Git host has lost is still told of by
 * what was built from it.
 * @throws AppError NOT_FOUND when neither knows it
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
  const [items, asked] = await Promise.all([itemsOf(component.id), ask(input.project, gitUrl, wanted)]);
  const known = items.find(({ commit }) => commit.startsWith(wanted));
  const sha = asked.commit?.commit ?? known?.commit;
  if (sha === undefined) throw new AppError("NOT_FOUND", `no commit ${wanted}`);
  const host = gitHostOf(gitUrl);
  const [patterns, registered, later] = await Promise.all([
    ticketPatterns(project.id),
    host === null ? null : db.sourceHost.findUnique({ where: { host }, select: { kind: true } }),
    asked.commit ? laterThan(input.project, gitUrl, sha, items) : new Set<string>(),
  ]);
  const own = items.filter(({ commit }) => commit === sha);
  return {
    project: input.project,
    projectName: await nameOf(project.id),
    component: component.key,
    componentName: component.name,
    sha,
    commit: asked.commit && toCommit(asked.commit, patterns),
    problem: asked.problem,
    url: commitPage(registered, gitUrl, sha),
    before: asked.before.map((commit) => toCommit(commit, patterns)),
    releases: items
      .filter(({ commit }) => commit === sha || later.has(commit))
      .map(({ release, ref, commit }) => ({
        number: release.number,
        title: release.title,
        state: release.state,
        ref,
        createdAt: release.createdAt.toISOString(),
        relation: commit === sha ? ("builds" as const) : ("contains" as const),
      })),
    builds: own.flatMap(({ builds, release }) =>
      builds.map(({ id, attempt, state, startedAt, endedAt }) => ({
        ...{ id, attempt, state, release: release.number },
        startedAt: startedAt?.toISOString() ?? null,
        endedAt: endedAt?.toISOString() ?? null,
      })),
    ),
    artifacts: own.flatMap(({ artifact, release }) =>
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
  };
}

const nameOf = async (id: string) =>
  (await db.project.findUniqueOrThrow({ where: { id }, select: { name: true } })).name;

async function itemsOf(componentId: string) {
  const rows = await db.releaseItem.findMany({
    where: { componentId, commit: { not: null } },
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

async function ask(project: string, gitUrl: string, ref: string): Promise<Asked> {
  const host = sourceHost(project);
  try {
    const found = await host.resolve({ gitUrl, ref });
    // A branch may be called like a commit: it is not what was asked for.
    if (!found?.commit.startsWith(ref)) return { commit: null, before: [], problem: null };
    const { items } = await host.commits({ gitUrl, ref: found.commit, limit: BEFORE + 1 });
    return { commit: found, before: items.filter(({ commit }) => commit !== found.commit), problem: null };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return { commit: null, before: [], problem: error.failure };
  }
}

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
    try {
      const { total } = await host.between({ gitUrl, from: commit, to: sha, limit: 1 });
      if (total === 0) found.add(commit);
    } catch (error) {
      // A commit that the Git host has lost tells nothing; the others still do.
      if (!(error instanceof AdapterError)) throw error;
    }
  }
  return found;
}
