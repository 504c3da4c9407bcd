import type { GitCommit } from "../ports.ts";

/** For `git log -z`: five fields a commit, each ended by NUL, which none of them can contain. */
export const LOG_FORMAT = "--format=%H%x00%s%x00%an%x00%ae%x00%at";

const FIELDS = 5;

/** The commits in the output of `git log -z` with LOG_FORMAT, in its order. */
export function parseLog(output: string): GitCommit[] {
  const fields = output.split("\0");
  const commits: GitCommit[] = [];
  for (let start = 0; start + FIELDS <= fields.length; start += FIELDS) {
    const [commit = "", subject = "", authorName = "", authorEmail = "", seconds = ""] = fields.slice(
      start,
      start + FIELDS,
    );
    commits.push({ commit, subject, authorName, authorEmail, authoredAt: new Date(Number(seconds) * 1000) });
  }
  return commits;
}

/** Whether a search text is in the subject or the author, or begins the commit's id; letter case does not count. */
export function matches(commit: GitCommit, search: string): boolean {
  const text = search.trim().toLowerCase();
  const places = [commit.subject, commit.authorName, commit.authorEmail];
  return commit.commit.startsWith(text) || places.some((place) => place.toLowerCase().includes(text));
}
