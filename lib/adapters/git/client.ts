import { AdapterError } from "#lib/errors.ts";
import type { CallOptions, GitCommit, SourceHost } from "../ports.ts";
import { matches } from "./commit-log.ts";
import type { GitConfig } from "./config.ts";
import { gaveUp } from "./failure.ts";
import { type Mirror, openMirror } from "./mirror.ts";
import { newestFirst, pageAt, pageSize, skipOf } from "./paging.ts";
import { assertRefName, maybeCommit } from "./ref-name.ts";
import { openRemote, type Remote } from "./remote.ts";
import { findRef, listRefs } from "./remote-refs.ts";

const MOST_RESOLVED = 1000;
/** A search looks at this many commits; beyond them nobody remembers. */
const SEARCH_DEPTH = 20_000;

/**
 * A client of any Git server, by the `git` executable. Names of refs always come from the server; the history behind
 * them is read from a mirror that is fetched when it lacks a commit. Every method throws AdapterError: `invalid` for a
 * URL or ref that is refused, `missing` for a repository or ref that is not there, `unauthorized`, `unreachable`, …
 */
export function createSourceHost(config: GitConfig): SourceHost {
  const timeoutMs = config.timeoutMs ?? 30_000;
  const fetchTimeoutMs = config.fetchTimeoutMs ?? 180_000;
  const refreshing = new Map<string, Promise<void>>();
  /** What commits say of themselves does not change: asked for once, since each question is a process. */
  const resolved = new Map<string, GitCommit>();

  function open(gitUrl: string): { remote: Remote; mirror: Mirror } {
    const remote = openRemote(gitUrl, config);
    return { remote, mirror: openMirror(config.cacheDir, remote) };
  }

  /** One fetch serves all who want it; whoever gives up leaves it running for the others. */
  function refresh({ url }: Remote, mirror: Mirror): Promise<void> {
    const running = refreshing.get(url);
    if (running) return running;
    const started = mirror.refresh(fetchTimeoutMs).finally(() => refreshing.delete(url));
    refreshing.set(url, started);
    return started;
  }

  /** What a mirror's answer said of commits, kept for the next question about one of them. */
  function keep(url: string, commits: readonly GitCommit[]): void {
    if (resolved.size + commits.length > MOST_RESOLVED) resolved.clear();
    for (const commit of commits) resolved.set(`${url} ${commit.commit}`, commit);
  }

  /** What the mirror tells, made equal to the server when it lacks the answer. */
  async function tell<Answer>(
    { remote, mirror }: { remote: Remote; mirror: Mirror },
    signal: AbortSignal | undefined,
    question: () => Promise<Answer | undefined>,
  ): Promise<Answer | undefined> {
    const first = await question();
    if (first !== undefined) return first;
    await orGiveUp(refresh(remote, mirror), remote, signal);
    return question();
  }

  /** Full id of what `ref` names now, with the mirror able to tell about it; undefined when there is no such thing. */
  async function locate(gitUrl: string, ref: string, { signal }: CallOptions) {
    assertRefName(ref);
    const at = open(gitUrl);
    const limits = { timeoutMs, signal };
    const found = isWhole(ref) ? undefined : await findRef(at.remote, ref, limits);
    const wanted = found?.commit ?? (maybeCommit(ref) ? ref.toLowerCase() : undefined);
    if (wanted === undefined) return undefined;
    const commit = await tell(at, signal, () => at.mirror.commitId(wanted, limits));
    return commit === undefined ? undefined : { commit, mirror: at.mirror, limits };
  }

  async function mustLocate(gitUrl: string, ref: string, options: CallOptions) {
    const found = await locate(gitUrl, ref, options);
    if (!found) throw new AdapterError("missing", `no branch, tag or commit ${ref}`, { retryable: false });
    return found;
  }

  return {
    async refs({ gitUrl, search = "", kind, cursor, limit }, { signal } = {}) {
      const { remote, mirror } = open(gitUrl);
      const limits = { timeoutMs, signal };
      const text = search.trim().toLowerCase();
      const all = await listRefs(remote, kind, limits);
      const found = all.filter((ref) => ref.name.toLowerCase().includes(text));
      let heads = await mirror.heads(limits);
      if (found.some((ref) => !heads.has(ref.commit))) {
        const waited = await settledWithin(refresh(remote, mirror), config.headsWaitMs ?? 5000, signal);
        if (waited) heads = await mirror.heads(limits);
      }
      const page = pageAt(newestFirst(found, heads), skipOf(cursor), pageSize(limit));
      // Whoever looks for a ref builds it next.
      const shown = page.items.flatMap(({ head }) => head ?? []);
      keep(remote.url, shown);
      return page;
    },

    async commits({ gitUrl, ref, search, limit, cursor }, options = {}) {
      const { commit, mirror, limits } = await mustLocate(gitUrl, ref, options);
      const [size, skip] = [pageSize(limit), skipOf(cursor)];
      if (search?.trim()) {
        const history = await mirror.log({ to: commit, from: null, limit: SEARCH_DEPTH }, limits);
        return pageAt(
          history.filter((entry) => matches(entry, search)),
          skip,
          size,
        );
      }
      const rows = await mirror.log({ to: commit, from: null, limit: size + 1, skip }, limits);
      return { items: rows.slice(0, size), nextCursor: rows.length > size ? String(skip + size) : null };
    },

    async resolve({ gitUrl, ref }, { signal } = {}) {
      assertRefName(ref);
      const at = open(gitUrl);
      const limits = { timeoutMs, signal };
      const found = isWhole(ref) ? undefined : await findRef(at.remote, ref, limits);
      const known = found && resolved.get(`${at.remote.url} ${found.commit}`);
      if (found && known) return { ...known, kind: found.kind };
      const wanted = found?.commit ?? (maybeCommit(ref) ? ref.toLowerCase() : undefined);
      const commit = wanted && (await tell(at, signal, () => at.mirror.commit(wanted, limits)));
      if (!commit) return null;
      keep(at.remote.url, [commit]);
      return { ...commit, kind: found?.kind ?? "commit" };
    },

    async commit({ gitUrl, commit: id }, { signal } = {}) {
      assertRefName(id);
      const { remote, mirror } = open(gitUrl);
      const limits = { timeoutMs, signal };
      // Only the server knows whether a branch still leads there; without it the copy tells what it has.
      const failed = await orGiveUp(refresh(remote, mirror), remote, signal).then(
        () => null,
        (error: unknown) => error,
      );
      const full = maybeCommit(id) ? await mirror.commitId(id.toLowerCase(), limits) : undefined;
      const found = full === undefined ? undefined : await mirror.detail(full, limits);
      if (failed === null) return found ?? null;
      if (found === undefined || !(failed instanceof AdapterError) || !failed.retryable) throw failed;
      return { ...found, reachable: null };
    },

    async between({ gitUrl, from, to, limit }, options = {}) {
      const end = await mustLocate(gitUrl, to, options);
      const start = from === null ? null : (await mustLocate(gitUrl, from, options)).commit;
      const range = { to: end.commit, from: start };
      const total = await end.mirror.count(range, end.limits);
      return { commits: await end.mirror.log({ ...range, limit: pageSize(limit) }, end.limits), total };
    },
  };
}

/** A whole id can only be a commit, and commits do not change: the mirror's word is enough. */
const isWhole = (ref: string): boolean => maybeCommit(ref) && ref.length >= 40;

/** The promise, or AdapterError when the caller gives up first. */
async function orGiveUp(work: Promise<void>, remote: Remote, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return work;
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(gaveUp(remote.label, signal.reason));
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** True when the work succeeded in time. Its failure is not the caller's: the refs are known without it. */
async function settledWithin(
  work: Promise<void>,
  waitMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const finish = work.then(
    () => true,
    () => false,
  );
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), waitMs);
    signal?.addEventListener("abort", () => resolve(false), { once: true });
  });
  try {
    return await Promise.race([finish, late]);
  } finally {
    clearTimeout(timer);
  }
}
