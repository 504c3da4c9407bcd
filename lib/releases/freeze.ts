import type { GitCommit } from "#lib/adapters/ports.ts";
import { sourceHost } from "#lib/connections/git.ts";
import { AdapterError, type Blocker } from "#lib/errors.ts";

export type RefToFreeze = {
  component: string;
  gitUrl: string;
  ref: string;
  /** A commit of the ref to freeze to, instead of where the ref points now. */
  commit?: string;
};

/**
 * The commit behind each ref, in the same order, asked before any transaction: Git takes its time. Blockers name every
 * ref that is not there and every repository that refuses us.
 * @param project key of the project whose refs they are
 * @throws AdapterError when a Git host cannot be reached: nothing can be said then
 */
export async function resolveRefs(
  project: string,
  refs: readonly RefToFreeze[],
): Promise<{ commits: GitCommit[]; blockers: Blocker[] }> {
  const host = sourceHost(project);
  const blockers: Blocker[] = [];
  const commits: GitCommit[] = [];
  const answers = await Promise.all(
    refs.map(async ({ gitUrl, ref, commit = ref }) => {
      try {
        return { commit: await host.resolve({ gitUrl, ref: commit }), problem: null };
      } catch (error) {
        if (!(error instanceof AdapterError) || error.retryable) throw error;
        return { commit: null, problem: error };
      }
    }),
  );
  for (const [index, { commit, problem }] of answers.entries()) {
    const asked = refs[index];
    if (commit) commits.push(commit);
    else if (asked) blockers.push(blocker(asked, problem));
  }
  return { commits, blockers };
}

function blocker({ component, ref }: RefToFreeze, problem: AdapterError | null): Blocker {
  if (!problem) {
    return {
      code: "REF_NOT_FOUND",
      message: `${component}: there is no branch, tag or commit ${ref}`,
      facts: { component, ref },
      liftedBy: ["developer"],
    };
  }
  return {
    code: "REPOSITORY_REFUSED",
    message: `${component}: ${problem.message}`,
    facts: { component, failure: problem.failure },
    liftedBy: ["admin"],
  };
}
