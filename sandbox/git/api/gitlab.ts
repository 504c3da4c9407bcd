import { type ApiAnswer, type ApiQuestion, cut, linkOf, ok, pageOf } from "./answer.ts";
import type { Commit, Page, Ref, Repository } from "./repository.ts";

const MOST = 100;
const notFound = (what: string): ApiAnswer => ({ status: 404, body: { message: `404 ${what} Not Found` } });

/** GitLab's API v4, as far as the portal asks. */
export async function answerGitLab(question: ApiQuestion): Promise<ApiAnswer> {
  const { path, user } = question;
  if (path === "/version" || path === "/user") {
    if (user === null) return { status: 401, body: { message: "401 Unauthorized" } };
    return ok(
      path === "/user"
        ? { id: 7, username: user, name: user, state: "active" }
        : { version: "17.4.2-ee", revision: "6f1a1e1a1f8" },
    );
  }
  const [, id = "", rest = ""] = /^\/projects\/([^/]+)(.*)$/.exec(path) ?? [];
  const repository = question.trusted ? question.open(decodeURIComponent(id)) : undefined;
  if (!repository) return notFound("Project");
  return aboutProject(question, repository, decodeURIComponent(id), rest);
}

async function aboutProject(
  question: ApiQuestion,
  repository: Repository,
  name: string,
  rest: string,
): Promise<ApiAnswer> {
  const page = pageOf(question.query, "per_page", MOST);
  if (rest === "") {
    return ok({
      id: 42,
      path_with_namespace: name,
      default_branch: await repository.head(),
      permissions: { project_access: { access_level: 20, notification_level: 3 }, group_access: null },
    });
  }
  const [, list, one] = /^\/repository\/(branches|tags)(?:\/(.+))?$/.exec(rest) ?? [];
  if (list !== undefined) {
    const refs = await repository.refs(list === "branches" ? "heads" : "tags");
    const shape: (ref: Ref) => unknown = list === "branches" ? branchOf : tagOf;
    if (one !== undefined) {
      const found = refs.find((ref) => ref.name === decodeURIComponent(one));
      return found ? ok(shape(found)) : notFound(list === "branches" ? "Branch" : "Tag");
    }
    const search = (question.query.get("search") ?? "").toLowerCase();
    const found = refs.filter((ref) => ref.name.toLowerCase().includes(search));
    return paged(question, cut(found, page).map(shape), page, found.length);
  }
  if (rest === "/repository/commits") return commits(question, repository, page);
  const [, sha, refs] = /^\/repository\/commits\/([^/]+)(\/refs)?$/.exec(rest) ?? [];
  const commit = sha === undefined ? null : await repository.commit(decodeURIComponent(sha));
  if (!commit) return notFound("Commit");
  return refs === undefined ? ok(commitOf(commit)) : ok(await repository.containing(commit.id));
}

async function commits(question: ApiQuestion, repository: Repository, page: Page): Promise<ApiAnswer> {
  const text = question.query.get("ref_name") ?? (await repository.head());
  const [from, to] = text.includes("..") ? text.split("..") : ["", text];
  const [start, end] = [from ? await repository.commitId(from) : null, await repository.commitId(to ?? "")];
  if (end === null || (from && start === null)) return ok([], { "x-next-page": "" });
  const found = await repository.log(start === null ? [end] : [end, `^${start}`], {
    ...page,
    // One more tells whether there is another page: this list has no total.
    size: page.size,
  });
  const next = await repository.log(start === null ? [end] : [end, `^${start}`], {
    page: page.page * page.size + 1,
    size: 1,
  });
  return paged(question, found.map(commitOf), page, null, next.length > 0);
}

function paged(question: ApiQuestion, body: unknown[], page: Page, total: number | null, next?: boolean) {
  const more = next ?? page.page * page.size < (total ?? 0);
  return ok(body, {
    "x-page": String(page.page),
    "x-per-page": String(page.size),
    "x-next-page": more ? String(page.page + 1) : "",
    "x-prev-page": page.page > 1 ? String(page.page - 1) : "",
    ...(total === null
      ? {}
      : { "x-total": String(total), "x-total-pages": String(Math.ceil(total / page.size)) }),
    link: linkOf(question, page, more),
  });
}

const commitOf = (commit: Commit) => {
  const [line = ""] = commit.message.split("\n");
  return {
    id: commit.id,
    short_id: commit.id.slice(0, 8),
    created_at: commit.committer.date,
    parent_ids: commit.parents,
    // Longer ones are cut by GitLab.
    title: line.length > 100 ? `${line.slice(0, 80)}...` : line,
    message: commit.message,
    author_name: commit.author.name,
    author_email: commit.author.email,
    authored_date: commit.author.date,
    committer_name: commit.committer.name,
    committer_email: commit.committer.email,
    committed_date: commit.committer.date,
    trailers: {},
  };
};
const branchOf = ({ name, commit }: Ref) => ({
  name,
  commit: commitOf(commit),
  merged: false,
  protected: name === "main",
  default: name === "main",
});
const tagOf = ({ name, object, commit }: Ref) => ({
  name,
  message: object === commit.id ? "" : name,
  target: object,
  commit: commitOf(commit),
  release: null,
  protected: false,
});
