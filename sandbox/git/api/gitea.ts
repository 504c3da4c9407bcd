import { type ApiAnswer, type ApiQuestion, cut, linkOf, ok, pageOf } from "./answer.ts";
import type { Commit, Page, Ref, Repository } from "./repository.ts";

const MOST = 50;
const notFound: ApiAnswer = {
  status: 404,
  body: { errors: null, message: "The target couldn't be found.", url: "/api/swagger" },
};

/** Gitea's API v1, as far as the portal asks. */
export async function answerGitea(question: ApiQuestion): Promise<ApiAnswer> {
  const { path, user } = question;
  if (path === "/version") return ok({ version: "1.22.3" });
  if (path === "/user") {
    if (user === null) return { status: 401, body: { message: "token is required", url: "/api/swagger" } };
    return ok({ id: 3, login: user, full_name: "", email: `${user}@refract.example` });
  }
  const [, owner = "", name = "", rest = ""] = /^\/repos\/([^/]+)\/([^/]+)(.*)$/.exec(path) ?? [];
  const full = `${decodeURIComponent(owner)}/${decodeURIComponent(name)}`;
  const repository = question.trusted ? question.open(full) : undefined;
  if (!repository) return notFound;
  if (rest === "") {
    const permissions = { admin: false, push: false, pull: true };
    return ok({ id: 9, full_name: full, default_branch: await repository.head(), permissions });
  }
  const page = pageOf(question.query, "limit", MOST);
  const [, list, one] = /^\/(branches|tags)(?:\/(.+))?$/.exec(rest) ?? [];
  if (list !== undefined) {
    const refs = await repository.refs(list === "branches" ? "heads" : "tags");
    const shape: (ref: Ref) => unknown = list === "branches" ? branchOf : tagOf;
    if (one !== undefined) {
      const found = refs.find((ref) => ref.name === decodeURIComponent(one));
      return found ? ok(shape(found)) : notFound;
    }
    return paged(question, cut(refs, page).map(shape), page, refs.length);
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
  const [, sha] = /^\/git\/commits\/([^/]+)$/.exec(rest) ?? [];
  if (sha !== undefined) {
    const commit = await repository.commit(decodeURIComponent(sha));
    return commit ? ok(commitOf(commit)) : notFound;
  }
  const [, base = "", head = ""] = /^\/compare\/(.+?)\.\.\.(.+)$/.exec(rest) ?? [];
  const [from, to] = [
    await repository.commitId(decodeURIComponent(base)),
    await repository.commitId(decodeURIComponent(head)),
  ];
  if (from === null || to === null) return notFound;
  const commits = await repository.log([to, `^${from}`], { page: 1, size: 10_000 });
  return ok({ total_commits: commits.length, commits: commits.map(commitOf) });
}

function paged(question: ApiQuestion, body: unknown[], page: Page, total: number): ApiAnswer {
  const last = Math.ceil(total / page.size);
  const more = page.page < last;
  return ok(body, {
    "x-total-count": String(total),
    "x-pagecount": String(last),
    "x-hasmore": String(more),
    link: linkOf(question, page, more, last),
  });
}

const commitOf = ({ id, message, author, committer, tree, parents }: Commit) => ({
  sha: id,
  created: committer.date,
  commit: { message, author, committer, tree: { sha: tree, created: committer.date } },
  // Accounts of people, where Gitea knows them.
  author: null,
  committer: null,
  parents: parents.map((sha) => ({ sha, created: "0001-01-01T00:00:00Z" })),
});
const branchOf = ({ name, commit }: Ref) => ({
  name,
  commit: {
    id: commit.id,
    message: commit.message,
    author: { name: commit.author.name, email: commit.author.email, username: "" },
    committer: { name: commit.committer.name, email: commit.committer.email, username: "" },
    timestamp: commit.author.date,
    added: null,
    removed: null,
    modified: null,
  },
  protected: false,
});
const tagOf = ({ name, object, commit }: Ref) => ({
  name,
  message: object === commit.id ? "" : name,
  id: object,
  commit: { sha: commit.id, created: commit.committer.date },
});
