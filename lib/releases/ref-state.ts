import type { GitCommit, GitRefKind } from "#lib/adapters/ports.ts";

/** How a ref stands to the commit that a release order froze; see `refState`. */
export const REF_STATES = ["same", "ahead", "moved", "rewritten", "gone", "unknown"] as const;
export type RefState = (typeof REF_STATES)[number];

/**
 * What became of a ref since its commit was frozen: `same`; `ahead`, a branch with more commits; `moved`, a tag that
 * names another commit, which a tag should not; `rewritten`, a branch from which the frozen commit cannot be reached any
 * more; `gone`.
 * @param now where the ref points, null when there is no such ref
 * @param left commits that are in the frozen history and not in the branch's
 */
export function refState(
  frozen: string,
  now: (Pick<GitCommit, "commit"> & { kind: GitRefKind | "commit" }) | null,
  left: number,
): RefState {
  if (now === null) return "gone";
  if (now.commit === frozen) return "same";
  if (now.kind !== "branch") return "moved";
  return left > 0 ? "rewritten" : "ahead";
}
