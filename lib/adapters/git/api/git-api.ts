import { AdapterError } from "#lib/errors.ts";
import type { CallOptions, GitCommit, GitCommitDetail, GitRef, GitRefKind } from "../../ports.ts";

export type ApiPage<Item> = { items: Item[]; more: boolean };
export type ApiRef = GitRef & { head: GitCommit | null };

/** What the API of a Git host tells, vendor by vendor; `repository` is a repository's path below the host. */
export interface GitApi {
  /** Pages count from 1 and have at most `pageSize` entries. */
  pageSize: number;
  /** In any order; `head` null where the list does not say what the commit is. `search` may be left to the caller. */
  refs(
    repository: string,
    asked: { kind: GitRefKind; search: string; page: number },
    options: CallOptions,
  ): Promise<ApiPage<ApiRef>>;
  /** A branch or tag by its whole name. */
  ref(repository: string, kind: GitRefKind, name: string, options: CallOptions): Promise<GitCommit | null>;
  /** A commit by its id, or by the beginning of it, when a branch or tag leads to it. */
  commit(
    repository: string,
    id: string,
    options: CallOptions,
  ): Promise<Omit<GitCommitDetail, "reachable"> | null>;
  /** Reachable from a full id, newest first. */
  commits(
    repository: string,
    asked: { from: string; page: number; size: number },
    options: CallOptions,
  ): Promise<ApiPage<GitCommit>>;
  /** Commits in `to` that are not in `from` (all of `to`: null), newest first: full ids. */
  between(
    repository: string,
    asked: { from: string | null; to: string; limit: number },
    options: CallOptions,
  ): Promise<{ commits: GitCommit[]; total: number }>;
  /** What answers, and as whom; `user` null without a token. */
  identify(
    options: CallOptions,
  ): Promise<{ version: string | null; user: string | null; left: number | null }>;
  /** Whether the account may read a repository; false also when it is not there. */
  mayRead(repository: string, options: CallOptions): Promise<boolean>;
}

/** For what an API has no question for, or not at this length: Git knows. */
export const cannotTell = (what: string): AdapterError =>
  new AdapterError("invalid", `the API cannot tell ${what}`, { retryable: false });

/** The subject as Git has it: what stands before the first empty line, in one line. */
export const subjectOf = (message: string): string =>
  (message.replace(/^\s+/, "").split(/\n\s*\n/, 1)[0] ?? "").replaceAll(/\s*\n\s*/g, " ").trim();

/** A path of which each part is as it must be in an address; slashes stay. */
export const inPath = (text: string): string => text.split("/").map(encodeURIComponent).join("/");
