import { z } from "zod";
import type { CallOptions, GitCommit, GitCommitDetail } from "../../ports.ts";
import { type ApiRef, cannotTell, type GitApi, subjectOf } from "./git-api.ts";
import { createSession, hasNext } from "./session.ts";

const PAGE = 100;
/** Of a comparison so many pages are read to count it. */
const MAX_PAGES = 10;

const commitSchema = z.object({
  id: z.string(),
  message: z.string(),
  author_name: z.string(),
  author_email: z.string(),
  authored_date: z.coerce.date(),
});
const detailSchema = commitSchema.extend({
  committer_name: z.string(),
  committer_email: z.string(),
  committed_date: z.coerce.date(),
  parent_ids: z.array(z.string()),
});
const refSchema = z.object({ name: z.string(), commit: commitSchema });

/** GitLab's API v4. @param apiUrl e.g. `https://gitlab.example.com/api/v4` @param token of any kind */
export function createGitLab(apiUrl: string, token: string | null): GitApi {
  const session = createSession(apiUrl, token === null ? {} : { "private-token": token });
  const project = (repository: string) => `/projects/${encodeURIComponent(repository)}`;
  const at = (repository: string, rest: string) => `${project(repository)}/repository${rest}`;

  async function page(
    repository: string,
    asked: { range: string; page: number; size: number },
    options: CallOptions,
  ) {
    const query = { ref_name: asked.range, page: asked.page, per_page: asked.size };
    const path = at(repository, "/commits");
    const { body, headers } = await session.get(z.array(commitSchema), path, query, options);
    return { items: body.map(toCommit), more: hasNext(headers) };
  }

  return {
    pageSize: PAGE,
    async refs(repository, { kind, search, page: number }, options) {
      // The ends of GitLab's search mean something to it.
      const plain = search !== "" && !/^\^|\$$/.test(search);
      const query = { per_page: PAGE, page: number, ...(plain ? { search } : undefined) };
      const path = at(repository, kind === "branch" ? "/branches" : "/tags");
      const { body, headers } = await session.get(z.array(refSchema), path, query, options);
      const items = body.map(({ name, commit }): ApiRef => {
        const head = toCommit(commit);
        return { kind, name, commit: head.commit, head };
      });
      return { items, more: hasNext(headers) };
    },
    async ref(repository, kind, name, options) {
      const list = kind === "branch" ? "/branches/" : "/tags/";
      const found = await session.find(
        refSchema,
        at(repository, list + encodeURIComponent(name)),
        {},
        options,
      );
      return found && toCommit(found.body.commit);
    },
    async commit(repository, id, options) {
      const path = at(repository, `/commits/${encodeURIComponent(id)}`);
      const found = await session.find(detailSchema, path, {}, options);
      if (!found) return null;
      // GitLab keeps what no branch and no tag leads to any more.
      const refs = await session.find(z.array(z.object({ name: z.string() })), `${path}/refs`, {}, options);
      return refs && refs.body.length > 0 ? toDetail(found.body) : null;
    },
    commits: (repository, { from, page: number, size }, options) =>
      page(repository, { range: from, page: number, size }, options),
    async between(repository, { from, to, limit }, options) {
      const range = from === null ? to : `${from}..${to}`;
      const commits: GitCommit[] = [];
      // There is no total of commits in this API.
      for (let number = 1; number <= MAX_PAGES; number += 1) {
        const { items, more } = await page(repository, { range, page: number, size: PAGE }, options);
        commits.push(...items);
        if (!more) return { commits: commits.slice(0, limit), total: commits.length };
      }
      throw cannotTell("how many commits there are");
    },
    async identify(options) {
      if (token === null) return { version: null, user: null, left: null };
      const user = await session.get(z.object({ username: z.string() }), "/user", {}, options);
      const known = await session.find(z.object({ version: z.string() }), "/version", {}, options);
      const left = Number(user.headers.get("ratelimit-remaining") ?? Number.NaN);
      return {
        version: known && `GitLab ${known.body.version}`,
        user: user.body.username,
        left: Number.isFinite(left) ? left : null,
      };
    },
    async mayRead(repository, options) {
      // A project's page may be open where its code is not.
      const path = at(repository, "/branches");
      return (await session.find(z.array(z.unknown()), path, { per_page: 1 }, options)) !== null;
    },
  };
}

const toCommit = (commit: z.output<typeof commitSchema>): GitCommit => ({
  commit: commit.id,
  subject: subjectOf(commit.message),
  authorName: commit.author_name,
  authorEmail: commit.author_email,
  authoredAt: commit.authored_date,
});

const toDetail = (commit: z.output<typeof detailSchema>): Omit<GitCommitDetail, "reachable"> => ({
  ...toCommit(commit),
  message: commit.message,
  committerName: commit.committer_name,
  committerEmail: commit.committer_email,
  committedAt: commit.committed_date,
  parents: commit.parent_ids,
});
