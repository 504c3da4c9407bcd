import { z } from "zod";
import type { CallOptions, GitCommit } from "../../ports.ts";
import { type ApiRef, cannotTell, type GitApi, inPath } from "./git-api.ts";
import { repoCommitSchema, repoDetailSchema, reposPath, toCommit, toDetail } from "./repos.ts";
import { createSession, hasNext } from "./session.ts";

const PAGE = 100;

const refSchema = z.object({ name: z.string(), commit: z.object({ sha: z.string() }) });
const compareSchema = z.object({
  status: z.enum(["ahead", "behind", "identical", "diverged"]),
  total_commits: z.number(),
  commits: z.array(repoCommitSchema),
});

/** GitHub's REST API v3, of GitHub itself and of Enterprise servers. @param apiUrl e.g. `https://api.github.com` */
export function createGitHub(apiUrl: string, token: string | null): GitApi {
  const session = createSession(apiUrl, {
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  });
  const compare = async (repository: string, range: string, page: number, options: CallOptions) => {
    const path = `${reposPath(repository)}/compare/${range}`;
    return (await session.get(compareSchema, path, { page, per_page: PAGE }, options)).body;
  };

  return {
    pageSize: PAGE,
    async refs(repository, { kind, page }, options) {
      const path = `${reposPath(repository)}/${kind === "branch" ? "branches" : "tags"}`;
      const query = { page, per_page: PAGE };
      const { body, headers } = await session.get(z.array(refSchema), path, query, options);
      const items = body.map(({ name, commit }): ApiRef => ({ kind, name, commit: commit.sha, head: null }));
      return { items, more: hasNext(headers) };
    },
    async ref(repository, kind, name, options) {
      const path = `${reposPath(repository)}/commits/${kind === "branch" ? "heads" : "tags"}/${inPath(name)}`;
      const found = await session.find(repoCommitSchema, path, {}, options);
      return found && toCommit(found.body);
    },
    async commit(repository, id, options) {
      const path = `${reposPath(repository)}/commits/${encodeURIComponent(id)}`;
      const found = await session.find(repoDetailSchema, path, {}, options);
      if (!found) return null;
      const commit = toDetail(found.body);
      // GitHub tells commits of forks as if they were of the repository itself.
      const main = z.object({ default_branch: z.string() });
      const { body } = await session.get(main, reposPath(repository), {}, options);
      const range = `heads/${inPath(body.default_branch)}...${commit.commit}`;
      const { status } = await compare(repository, range, 1, options);
      if (status !== "behind" && status !== "identical") throw cannotTell(`whose commit ${id} is`);
      return commit;
    },
    async commits(repository, { from, page, size }, options) {
      const path = `${reposPath(repository)}/commits`;
      const query = { sha: from, page, per_page: size };
      const { body, headers } = await session.get(z.array(repoCommitSchema), path, query, options);
      return { items: body.map(toCommit), more: hasNext(headers) };
    },
    async between(repository, { from, to, limit }, options) {
      if (from === null) throw cannotTell("how long a history is");
      const first = await compare(repository, `${from}...${to}`, 1, options);
      const total = first.total_commits;
      // Oldest first: the newest are on the last pages.
      const commits: GitCommit[] = [];
      for (let page = Math.ceil(total / PAGE); page >= 1 && commits.length < limit; page -= 1) {
        const { commits: some } =
          page === 1 ? first : await compare(repository, `${from}...${to}`, page, options);
        commits.push(...some.map(toCommit).reverse());
      }
      return { commits: commits.slice(0, limit), total };
    },
    async identify(options) {
      const schema = z.object({ resources: z.object({ core: z.object({ remaining: z.number() }) }) });
      const limits = await session.find(schema, "/rate_limit", {}, options);
      const left = limits?.body.resources.core.remaining ?? null;
      const enterprise = limits?.headers.get("x-github-enterprise-version") ?? null;
      const version = enterprise === null ? "GitHub" : `GitHub Enterprise ${enterprise}`;
      const user =
        token === null ? null : await session.get(z.object({ login: z.string() }), "/user", {}, options);
      return { version, user: user?.body.login ?? null, left };
    },
    async mayRead(repository, options) {
      const schema = z.object({ permissions: z.object({ pull: z.boolean() }).optional() });
      const found = await session.find(schema, reposPath(repository), {}, options);
      return found !== null && found.body.permissions?.pull !== false;
    },
  };
}
