import { AdapterError } from "#lib/errors.ts";
import type { CallOptions, GitCommit, GitRefKind, SourceHost } from "../../ports.ts";
import { matches } from "../commit-log.ts";
import { newestFirst, pageAt, pageSize, skipOf } from "../paging.ts";
import { assertRefName, maybeCommit } from "../ref-name.ts";
import { gitPath } from "../remote.ts";
import { type ApiRef, cannotTell, type GitApi } from "./git-api.ts";
import { createHeads } from "./heads.ts";

/** Lists that are longer are Git's, which has them in one answer. */
const MAX_PAGES = 20;
/** A search looks at so many pages of a history before it answers. */
const SEARCH_PAGES = 5;
const CURSOR = /^p(\d{1,6})\.(\d{1,3})$/;

/**
 * The port over the API of a Git host. It gives the answers that Git would give; what an API cannot tell is an
 * AdapterError `invalid` ("the API cannot tell …").
 * @param basePath path below which the host has its repositories, e.g. `git` of `https://example.com/git/api/v4`
 */
export function createApiHost(api: GitApi, basePath: string): SourceHost {
  const heads = createHeads(api);

  function repositoryOf(gitUrl: string): string {
    const path = gitPath(gitUrl)?.replace(/\.git$/, "");
    if (!path) throw cannotTell("which repository is meant");
    return basePath !== "" && path.startsWith(`${basePath}/`) ? path.slice(basePath.length + 1) : path;
  }

  async function allRefs(repository: string, kind: GitRefKind, search: string, options: CallOptions) {
    const refs: ApiRef[] = [];
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const { items, more } = await api.refs(repository, { kind, search, page }, options);
      refs.push(...items);
      if (!more) return refs.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
    }
    throw cannotTell("so many names at once");
  }

  async function resolve(repository: string, ref: string, options: CallOptions) {
    assertRefName(ref);
    const whole = maybeCommit(ref) && ref.length >= 40;
    const [, space, name] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [null, null, ref];
    if (!whole) {
      for (const kind of ["branch", "tag"] as const) {
        if (space !== null && (space === "heads") !== (kind === "branch")) continue;
        const commit = await api.ref(repository, kind, name ?? ref, options);
        if (commit) return { ...commit, kind };
      }
    }
    const commit = maybeCommit(ref) ? await api.commit(repository, ref.toLowerCase(), options) : null;
    // Hosts take the beginning of a name for a commit as well.
    if (!commit?.commit.startsWith(ref.toLowerCase())) {
      // To whom a repository is hidden, each of its refs is "not found": that says nothing of the ref.
      if (!(await api.mayRead(repository, options)))
        throw cannotTell(`of ${repository}, which it does not show`);
      return null;
    }
    const { subject, authorName, authorEmail, authoredAt } = commit;
    return { commit: commit.commit, subject, authorName, authorEmail, authoredAt, kind: "commit" as const };
  }

  async function mustResolve(repository: string, ref: string, options: CallOptions): Promise<string> {
    const found = await resolve(repository, ref, options);
    if (!found) throw new AdapterError("missing", `no branch, tag or commit ${ref}`, { retryable: false });
    return found.commit;
  }

  return {
    async refs({ gitUrl, kind, search = "", cursor, limit }, options = {}) {
      const repository = repositoryOf(gitUrl);
      const skip = skipOf(cursor);
      const refs = await allRefs(repository, kind, search.trim(), options);
      const known = await heads.complete(repository, refs, options);
      return pageAt(newestFirst(refs, known), skip, pageSize(limit));
    },

    async commits({ gitUrl, ref, search, limit, cursor }, options = {}) {
      const repository = repositoryOf(gitUrl);
      const size = Math.min(pageSize(limit), api.pageSize);
      if (search?.trim()) return find(repository, { ref, search, size, cursor }, options);
      const skip = skipOf(cursor);
      // Pages of an API are all alike; one that begins elsewhere is Git's.
      if (skip % size !== 0) throw cannotTell("a page that begins there");
      const from = await mustResolve(repository, ref, options);
      const { items, more } = await api.commits(repository, { from, page: skip / size + 1, size }, options);
      return { items, nextCursor: more ? String(skip + items.length) : null };
    },

    async resolve({ gitUrl, ref }, options = {}) {
      return resolve(repositoryOf(gitUrl), ref, options);
    },

    async commit({ gitUrl, commit: id }, options = {}) {
      assertRefName(id);
      const found = maybeCommit(id)
        ? await api.commit(repositoryOf(gitUrl), id.toLowerCase(), options)
        : null;
      // What no branch and no tag leads to is not told by an API; a copy may still have it.
      if (!found?.commit.startsWith(id.toLowerCase())) throw cannotTell(`of a commit ${id}`);
      return { ...found, reachable: true };
    },

    async between({ gitUrl, from, to, limit }, options = {}) {
      const repository = repositoryOf(gitUrl);
      const [end, start] = await Promise.all([
        mustResolve(repository, to, options),
        from === null ? null : mustResolve(repository, from, options),
      ]);
      if (start === end) return { commits: [], total: 0 };
      return api.between(repository, { from: start, to: end, limit: pageSize(limit) }, options);
    },
  };

  /** Looks through a history, some pages a time: a page may end before something is found, and says how to go on. */
  async function find(
    repository: string,
    asked: { ref: string; search: string; size: number; cursor: string | undefined },
    options: CallOptions,
  ) {
    const [, first = "1", skipped = "0"] = CURSOR.exec(asked.cursor ?? "p1.0") ?? [];
    if (asked.cursor !== undefined && !CURSOR.test(asked.cursor)) throw cannotTell("where that page begins");
    const from = await mustResolve(repository, asked.ref, options);
    const items: GitCommit[] = [];
    let skip = Number(skipped);
    for (let page = Number(first); page < Number(first) + SEARCH_PAGES; page += 1) {
      const found = await api.commits(repository, { from, page, size: api.pageSize }, options);
      for (const [index, commit] of found.items.entries()) {
        if (index < skip || !matches(commit, asked.search)) continue;
        if (items.length === asked.size) return { items, nextCursor: `p${page}.${index}` };
        items.push(commit);
      }
      skip = 0;
      if (!found.more) return { items, nextCursor: null };
    }
    return { items, nextCursor: `p${Number(first) + SEARCH_PAGES}.0` };
  }
}
