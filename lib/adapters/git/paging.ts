import { AdapterError } from "#lib/errors.ts";
import type { GitCommit, GitRef, SourcePage } from "../ports.ts";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1000;

export function pageSize(limit: number | undefined): number {
  return Math.min(Math.max(1, limit ?? DEFAULT_LIMIT), MAX_LIMIT);
}

/** A cursor is the number of entries before the page. @throws AdapterError `invalid` */
export function skipOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (!/^\d{1,6}$/.test(cursor)) throw new AdapterError("invalid", "not a cursor of this list");
  return Number(cursor);
}

export function pageAt<Item>(all: readonly Item[], skip: number, size: number): SourcePage<Item> {
  const items = all.slice(skip, skip + size);
  return { items, nextCursor: all.length > skip + size ? String(skip + size) : null };
}

/** Refs with their commits, newest first; unknown commits come last, and tags of other objects (null) not at all. */
export function newestFirst(
  refs: readonly GitRef[],
  heads: ReadonlyMap<string, GitCommit | null>,
): (GitRef & { head: GitCommit | null })[] {
  const time = (ref: { head: GitCommit | null }) => ref.head?.authoredAt.getTime() ?? 0;
  return refs
    .filter((ref) => heads.get(ref.commit) !== null)
    .map(({ kind, name, commit }) => ({ kind, name, commit, head: heads.get(commit) ?? null }))
    .sort((left, right) => time(right) - time(left) || (left.name < right.name ? -1 : 1));
}
