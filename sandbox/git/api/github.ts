import { type ApiAnswer, type ApiQuestion, cut, linkOf, ok, pageOf } from "./answer.ts";
import type { Commit, Page, Repository } from "./repository.ts";

const MOST = 100;
const DOCS = "https://docs.github.com/rest";
const notFound: ApiAnswer = {
  status: 404,
  body: { message: "Not Found", documentation_url: DOCS, status: "404" },
};

/** The REST API v3 of a GitHub Enterprise server, as far as the portal asks. */
export async function answerGitHub(question: ApiQuestion): Promise<ApiAnswer> {
  const answer = await about(question);
  return { ...answer, headers: { "x-github-enterprise-version": "3.14.2", ...answer.headers } };
}

async function about(question: ApiQuestion): Promise<ApiAnswer> {
  const { path, user } = question;
  if (path === "/rate_limit") return ok({ resources: { core: { limit: 5000, remaining: 4987, reset: 0 } } });
  if (path === "/user") {
    if (user === null) return { status: 401, body: { message: "Requires authentication" } };
    return ok({ id: 5, login: user, type: "User" });
  }
  const [, owner = "", name = "", rest = ""] = /^\/repos\/([^/]+)\/([^/]+)(.*)$/.exec(path) ?? [];
  const full = `${decodeURIComponent(owner)}/${decodeURIComponent(name)}`;
  const repository = question.trusted ? question.open(full) : undefined;
  if (!repository) return notFound;
  if (rest === "") {
    const permissions = { admin: false, maintain: false, push: false, triage: false, pull: true };
    return ok({ id: 11, full_name: full, default_branch: await repository.head(), permissions });
  }
  const page = pageOf(question.query, "per_page", MOST);
  if (rest === "/branches" || rest === "/tags") {
    const refs = await repository.refs(rest === "/branches" ? "heads" : "tags");
    const body = cut(refs, page).map((ref) => ({ name: ref.name, commit: { sha: ref.commit.id, url: "" } }));
    return paged(question, body, page, refs.length);
  }
  return aboutCommits(question, repository, page, rest);
}

async function aboutCommits(
  question: ApiQuestion,
  repository: Repository,
  page: Page,
  rest: string,
): Promise<ApiAnswer> {
  if (rest === "/commits") {
    const end = await repository.commitId(question.query.get("sha") ?? (await repository.head()));
    if (end === null) return notFound;
    const commits = await repository.log([end], page);
    return paged(question, commits.map(commitOf), page, await repository.count([end]));
  }
  const [, one] = /^\/commits\/(.+)$/.exec(rest) ?? [];
  if (one !== undefined) {
    const text = decodeURIComponent(one);
    const commit = await repository.commit(/^(heads|tags)\//.test(text) ? `refs/${text}` : text);
    const message = `No commit found for SHA: ${text}`;
    return commit ? ok(commitOf(commit)) : { status: 422, body: { message, documentation_url: DOCS } };
  }
  const [, base = "", head = ""] = /^\/compare\/(.+?)\.\.\.(.+)$/.exec(rest) ?? [];
  const full = (text: string) => decodeURIComponent(text).replace(/^heads\//, "refs/heads/");
  const [from, to] = [await repository.commitId(full(base)), await repository.commitId(full(head))];
  return from === null || to === null ? notFound : compare(question, repository, page, from, to);
}

async function compare(
  question: ApiQuestion,
  repository: Repository,
  page: Page,
  from: string,
  to: string,
): Promise<ApiAnswer> {
  const base = await repository.mergeBase(from, to);
  if (base === null) return notFound;
  const [ahead, behind] = [
    await repository.count([to, `^${from}`]),
    await repository.count([from, `^${to}`]),
  ];
  const status = ahead > 0 ? (behind > 0 ? "diverged" : "ahead") : behind > 0 ? "behind" : "identical";
  // Oldest first.
  const all = (await repository.log([to, `^${from}`], { page: 1, size: 10_000 })).reverse();
  const body = {
    status,
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    merge_base_commit: { sha: base },
    commits: cut(all, page).map(commitOf),
    files: [],
  };
  return ok(body, { link: linkOf(question, page, page.page * page.size < ahead) });
}

function paged(question: ApiQuestion, body: unknown[], page: Page, total: number): ApiAnswer {
  const last = Math.ceil(total / page.size);
  return ok(body, { link: linkOf(question, page, page.page < last, last) });
}

const commitOf = ({ id, message, author, committer, tree, parents }: Commit) => ({
  sha: id,
  // GitHub leaves the last line's end away.
  commit: { message: message.trimEnd(), author, committer, tree: { sha: tree }, comment_count: 0 },
  author: null,
  committer: null,
  parents: parents.map((sha) => ({ sha })),
});
