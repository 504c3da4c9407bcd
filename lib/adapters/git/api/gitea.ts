import { z } from "zod";
import { type ApiRef, cannotTell, type GitApi, inPath, subjectOf } from "./git-api.ts";
import { repoCommitSchema, repoDetailSchema, reposPath, toCommit, toDetail } from "./repos.ts";
import { createSession, hasNext } from "./session.ts";

/** As many as Gitea gives where its administrator has changed nothing. */
const PAGE = 50;
/** What is not asked for is not computed: each would cost the server a look at every file. */
const PLAIN = { stat: false, verification: false, files: false };

const branchSchema = z.object({
  name: z.string(),
  commit: z.object({
    id: z.string(),
    message: z.string(),
    author: z.object({ name: z.string(), email: z.string() }),
    timestamp: z.coerce.date(),
  }),
});
const tagSchema = z.object({ name: z.string(), commit: z.object({ sha: z.string() }) });

/** Gitea's API v1. @param apiUrl e.g. `https://gitea.example.com/api/v1` */
export function createGitea(apiUrl: string, token: string | null): GitApi {
  const session = createSession(apiUrl, token === null ? {} : { authorization: `token ${token}` });
  const find = <S extends z.ZodType>(
    schema: S,
    repository: string,
    id: string,
    options: { signal?: AbortSignal },
  ) => session.find(schema, `${reposPath(repository)}/git/commits/${encodeURIComponent(id)}`, PLAIN, options);

  return {
    pageSize: PAGE,
    async refs(repository, { kind, page }, options) {
      const query = { page, limit: PAGE };
      if (kind === "tag") {
        const path = `${reposPath(repository)}/tags`;
        const { body, headers } = await session.get(z.array(tagSchema), path, query, options);
        const items = body.map(
          ({ name, commit }): ApiRef => ({ kind, name, commit: commit.sha, head: null }),
        );
        return { items, more: hasNext(headers) };
      }
      const path = `${reposPath(repository)}/branches`;
      const { body, headers } = await session.get(z.array(branchSchema), path, query, options);
      return { items: body.map(toBranch), more: hasNext(headers) };
    },
    async ref(repository, kind, name, options) {
      const path = `${reposPath(repository)}/${kind === "branch" ? "branches" : "tags"}/${inPath(name)}`;
      if (kind === "branch") {
        const found = await session.find(branchSchema, path, {}, options);
        return found && toBranch(found.body).head;
      }
      const found = await session.find(tagSchema, path, {}, options);
      const commit = found && (await find(repoCommitSchema, repository, found.body.commit.sha, options));
      return commit && toCommit(commit.body);
    },
    async commit(repository, id, options) {
      const found = await find(repoDetailSchema, repository, id, options);
      return found && toDetail(found.body);
    },
    async commits(repository, { from, page, size }, options) {
      const query = { sha: from, page, limit: size, ...PLAIN };
      const path = `${reposPath(repository)}/commits`;
      const { body, headers } = await session.get(z.array(repoCommitSchema), path, query, options);
      return { items: body.map(toCommit), more: hasNext(headers) };
    },
    async between(repository, { from, to, limit }, options) {
      if (from === null) {
        const query = { sha: to, page: 1, limit: PAGE, ...PLAIN };
        const path = `${reposPath(repository)}/commits`;
        const { body, headers } = await session.get(z.array(repoCommitSchema), path, query, options);
        const total = Number(headers.get("x-total-count") ?? Number.NaN);
        if (!Number.isFinite(total) || (limit > body.length && hasNext(headers)))
          throw cannotTell("all commits at once");
        return { commits: body.slice(0, limit).map(toCommit), total };
      }
      const schema = z.object({ total_commits: z.number(), commits: z.array(repoCommitSchema).nullable() });
      const path = `${reposPath(repository)}/compare/${from}...${to}`;
      const { body } = await session.get(schema, path, {}, options);
      return { commits: (body.commits ?? []).slice(0, limit).map(toCommit), total: body.total_commits };
    },
    async identify(options) {
      const { body } = await session.get(z.object({ version: z.string() }), "/version", {}, options);
      const user =
        token === null ? null : await session.get(z.object({ login: z.string() }), "/user", {}, options);
      return { version: `Gitea ${body.version}`, user: user?.body.login ?? null, left: null };
    },
    async mayRead(repository, options) {
      const schema = z.object({ permissions: z.object({ pull: z.boolean() }).optional() });
      const found = await session.find(schema, reposPath(repository), {}, options);
      return found !== null && found.body.permissions?.pull !== false;
    },
  };
}

function toBranch({ name, commit }: z.output<typeof branchSchema>): ApiRef {
  const { id, message, author, timestamp } = commit;
  const subject = subjectOf(message);
  const head = {
    commit: id,
    subject,
    authorName: author.name,
    authorEmail: author.email,
    authoredAt: timestamp,
  };
  return { kind: "branch", name, commit: id, head };
}
