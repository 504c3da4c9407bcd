import type { CommitDto } from "#lib/releases/schema.ts";
import type { RefListDto } from "#lib/sources/schema.ts";

export const KINDS = ["branch", "tag", "commit"] as const;
export type RefKind = (typeof KINDS)[number];
/** A row of the picker; `ref` is what the release order takes. */
export type RefOption = {
  kind: RefKind;
  ref: string;
  head: CommitDto | null;
  commit: string;
  recent: boolean;
};

const RECENT_MS = 14 * 24 * 3600_000;

/** Whether a text may be a commit id, abbreviated or not. */
export const looksLikeCommit = (text: string): boolean => /^[0-9a-f]{7,40}$/i.test(text.trim());

/** Branches or tags of a repository, those with recent commits first, newest first. */
export function refOptions(refs: RefListDto["items"], kind: "branch" | "tag", now: number): RefOption[] {
  return refs
    .filter((ref) => ref.kind === kind)
    .map((ref) => ({
      kind,
      ref: ref.name,
      head: ref.head,
      commit: ref.commit,
      recent: ref.head !== null && now - new Date(ref.head.authoredAt).getTime() < RECENT_MS,
    }))
    .sort((a, b) => (b.head?.authoredAt ?? "").localeCompare(a.head?.authoredAt ?? ""));
}

/** Commits as rows; a pasted one that no branch tip shows comes first. */
export function commitOptions(commits: readonly CommitDto[], pasted: CommitDto | undefined): RefOption[] {
  const all = pasted === undefined ? commits : [pasted, ...commits.filter((c) => c.commit !== pasted.commit)];
  return all.map((head) => ({ kind: "commit", ref: head.commit, head, commit: head.commit, recent: true }));
}

/** Whether an option fits what is typed so far: the list follows each key, the repository is asked a moment later. */
export function fits({ ref, commit, head }: RefOption, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === "" || commit.startsWith(wanted)) return true;
  return [ref, head?.subject ?? "", head?.authorName ?? ""].some((word) =>
    word.toLowerCase().includes(wanted),
  );
}
