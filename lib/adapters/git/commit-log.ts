import type { GitCommit, GitCommitDetail } from "../ports.ts";

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

/** For `git log -z --max-count=1`: what a commit says besides LOG_FORMAT; the message last. */
export const DETAIL_FORMAT = `${LOG_FORMAT}%x00%cn%x00%ce%x00%ct%x00%P%x00%B`;

/** The one commit in the output of `git log` with DETAIL_FORMAT; undefined where there is none. */
export function parseDetail(output: string): Omit<GitCommitDetail, "reachable"> | undefined {
  const [commit] = parseLog(output);
  const [committerName = "", committerEmail = "", seconds = "", parents = "", message = ""] = output
    .split("\0")
    .slice(FIELDS);
  return (
    commit && {
      ...commit,
      message,
      committerName,
      committerEmail,
      committedAt: new Date(Number(seconds) * 1000),
      parents: parents.split(" ").filter((parent) => parent !== ""),
    }
  );
}
