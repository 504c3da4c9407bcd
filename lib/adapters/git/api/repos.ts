import { z } from "zod";
import type { GitCommit, GitCommitDetail } from "../../ports.ts";
import { cannotTell, inPath, subjectOf } from "./git-api.ts";

const personSchema = z.object({ name: z.string(), email: z.string(), date: z.coerce.date() });
/** A commit as GitHub and Gitea have it. */
export const repoCommitSchema = z.object({
  sha: z.string(),
  commit: z.object({
    message: z.string(),
    author: personSchema,
  }),
});

export const toCommit = ({ sha, commit }: z.output<typeof repoCommitSchema>): GitCommit => ({
  commit: sha,
  subject: subjectOf(commit.message),
  authorName: commit.author.name,
  authorEmail: commit.author.email,
  authoredAt: commit.author.date,
});

/** The same, asked for alone: it then says all of itself. */
export const repoDetailSchema = repoCommitSchema.extend({
  commit: z.object({ message: z.string(), author: personSchema, committer: personSchema }),
  parents: z.array(z.object({ sha: z.string() })),
});

export function toDetail(found: z.output<typeof repoDetailSchema>): Omit<GitCommitDetail, "reachable"> {
  const { message, committer } = found.commit;
  return {
    ...toCommit(found),
    message,
    committerName: committer.name,
    committerEmail: committer.email,
    committedAt: committer.date,
    parents: found.parents.map(({ sha }) => sha),
  };
}

/** `/repos/<owner>/<name>`. @throws AdapterError for a path that is not an owner and a name */
export function reposPath(repository: string): string {
  if (!/^[^/]+\/[^/]+$/.test(repository)) throw cannotTell(`of ${repository}: it is no owner with a name`);
  return `/repos/${inPath(repository)}`;
}
