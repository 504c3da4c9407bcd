import type { CommitDto } from "#lib/releases/schema.ts";

/** Commits reachable from a ref, newest first; `more` when the list was cut. */
export type History = { commits: readonly CommitDto[]; more: boolean };
export type Beyond = { commits: CommitDto[]; atLeast: boolean };

/**
 * Commits of `to` that `from` lacks. Where `from` was cut, what is older than its last commit is taken for contained:
 * it lies behind the part that was listed. `atLeast`: `to` was cut too early to know all.
 * @param from null when nothing runs there: then all of `to` is new
 */
export function beyond(to: History, from: History | null): Beyond {
  if (from === null) return { commits: [...to.commits], atLeast: to.more };
  const known = new Set(from.commits.map(({ commit }) => commit));
  const oldest = from.more ? (from.commits.at(-1)?.authoredAt ?? "") : "";
  const commits = to.commits.filter(({ commit, authoredAt }) => !known.has(commit) && authoredAt >= oldest);
  const last = to.commits.at(-1);
  return {
    commits,
    atLeast: to.more && last !== undefined && !known.has(last.commit) && last.authoredAt >= oldest,
  };
}

/** Whether a commit is in a history; undefined when the list was cut before it could be met. */
export function contains(history: History, commit: string): boolean | undefined {
  if (history.commits.some((known) => known.commit === commit)) return true;
  return history.more ? undefined : false;
}
