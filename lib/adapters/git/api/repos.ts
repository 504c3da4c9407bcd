import { z } from "zod";
import type { GitCommit } from "../../ports.ts";
import { cannotTell, inPath, subjectOf } from "./git-api.ts";

/** A commit as GitHub and Gitea have it. */
export const repoCommitSchema = z.object({
  sha: z.string(),
  commit: z.object({
    message: z.string(),
    author: z.object({ name: z.string(), email: z.string(), date: z.coerce.date() }),
  }),
});

export const toCommit = ({ sha, commit }: z.output<typeof repoCommitSchema>): GitCommit => ({
  commit: sha,
  subject: subjectOf(commit.message),
  authorName: commit.author.name,
  authorEmail: commit.author.email,
  authoredAt: commit.author.date,
});

/** `/repos/<owner>/<name>`. @throws AdapterError for a path that is not an owner and a name */
export function reposPath(repository: string): string {
  if (!/^[^/]+\/[^/]+$/.test(repository)) throw cannotTell(`of ${repository}: it is no owner with a name`);
  return `/repos/${inPath(repository)}`;
}
