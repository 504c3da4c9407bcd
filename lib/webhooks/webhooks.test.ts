import { createHash, createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { readEvent } from "./event.ts";
import { fitsGlob } from "./glob.ts";
import { isRepository } from "./repository.ts";
import { provenDelivery } from "./signature.ts";

const SECRET = "rfw_secret";
const COMMIT = "a".repeat(40);
const TAG = "b".repeat(40);
const body = JSON.stringify({ ref: "refs/heads/main" });
const hash = createHmac("sha256", SECRET).update(body).digest("hex");
const bodyHash = createHash("sha256").update(body).digest("hex");

describe("globs", () => {
  test.each([
    ["main", "main", true],
    ["main", "main2", false],
    ["release/*", "release/11.3", true],
    ["release/*", "release/11/hotfix", true],
    ["release/*", "releases/1", false],
    ["*", "anything/at/all", true],
    ["v?.*", "v2.1.0", true],
    ["v?.*", "v21.0", false],
    ["*-crash", "v9.9.9-crash", true],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "a-b-b", false],
    ["", "main", false],
    [`${"*a".repeat(40)}b`, "a".repeat(200), false],
  ])("%s %s", (glob, name, wanted) => expect(fitsGlob(glob, name)).toBe(wanted));
});

describe("proofs", () => {
  const proven = (kind: string, headers: Record<string, string>, text = body) =>
    provenDelivery(kind, new Headers(headers), text, SECRET);
  const github = {
    "x-github-event": "push",
    "x-github-delivery": "g-1",
    "x-hub-signature-256": `sha256=${hash}`,
  };
  const gitea = { "x-gitea-event": "push", "x-gitea-delivery": "t-1", "x-gitea-signature": hash };
  const gitlab = { "x-gitlab-event": "Push Hook", "x-gitlab-event-uuid": "l-1", "x-gitlab-token": SECRET };

  test("of each Git host", () => {
    expect(proven("gitlab", gitlab)).toEqual({
      sender: "gitlab",
      event: "Push Hook",
      id: "l-1",
      bodyHash: null,
    });
    expect(proven("gitea", gitea)).toEqual({ sender: "gitea", event: "push", id: "t-1", bodyHash });
    expect(proven("github", github)).toEqual({ sender: "github", event: "push", id: "g-1", bodyHash });
    // Gitea sends GitHub's headers too.
    expect(proven("git", { ...gitea, ...github })).toMatchObject({ sender: "gitea", id: "t-1" });
  });

  test.each([
    ["none", "git", {}, body],
    ["another secret", "gitlab", { ...gitlab, "x-gitlab-token": "rfw_secreT" }, body],
    ["an empty secret", "gitlab", { ...gitlab, "x-gitlab-token": "" }, body],
    ["another body", "github", github, `${body} `],
    ["a hash without its name", "github", { ...github, "x-hub-signature-256": hash }, body],
    ["a hash as GitHub's", "gitea", { ...gitea, "x-gitea-signature": `sha256=${hash}` }, body],
    ["GitLab's secret at a GitHub host", "github", gitlab, body],
  ])("%s", (_, kind, headers, text) => {
    expect(proven(kind, headers, text)).toBeNull();
  });

  test("without an id the body is one", () => {
    const { "x-gitlab-event-uuid": _, ...old } = gitlab;
    const [one, again, other] = [body, body, `${body} `].map((text) => proven("gitlab", old, text)?.id);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect([again === one, other === one]).toEqual([true, false]);
    expect(proven("gitlab", { ...old, "idempotency-key": "i-1" })?.id).toBe("i-1");
  });
});

describe("events", () => {
  const project = {
    path_with_namespace: "quotes/quote-api",
    git_http_url: "https://git.example.com/quotes/quote-api.git",
    git_ssh_url: "git@git.example.com:quotes/quote-api.git",
  };
  const repository = {
    full_name: "quotes/quote-api",
    clone_url: "https://git.example.com/quotes/quote-api.git",
    ssh_url: "git@git.example.com:quotes/quote-api.git",
  };
  const commits = [{ id: COMMIT, message: "QT-1 一行\n\n正文" }];

  test("a push, as GitLab and as the others tell it", () => {
    const wanted = {
      kind: "push",
      ref: "release/11.3",
      commit: COMMIT,
      subject: "QT-1 一行",
      repository: "quotes/quote-api",
    };
    const ref = "refs/heads/release/11.3";
    expect(
      readEvent("Push Hook", {
        ref,
        after: COMMIT,
        checkout_sha: COMMIT,
        user_name: "王海涛",
        commits,
        project,
      }),
    ).toMatchObject({ ...wanted, pusher: "王海涛", addresses: [project.git_http_url, project.git_ssh_url] });
    expect(
      readEvent("push", {
        ref,
        after: COMMIT,
        head_commit: commits[0],
        commits,
        pusher: { name: "wang" },
        repository,
      }),
    ).toMatchObject({ ...wanted, pusher: "wang" });
    expect(
      readEvent("push", { ref, after: COMMIT, commits, pusher: { login: "wang" }, repository }),
    ).toMatchObject({ ...wanted, pusher: "wang" });
  });

  test("an annotated tag has the commit behind it where the host tells that", () => {
    const ref = "refs/tags/v1.0.0";
    expect(
      readEvent("Tag Push Hook", { ref, after: TAG, checkout_sha: COMMIT, commits, project }),
    ).toMatchObject({ kind: "tag", ref: "v1.0.0", commit: COMMIT });
    expect(readEvent("push", { ref, after: TAG, head_commit: commits[0], repository })).toMatchObject({
      kind: "tag",
      commit: COMMIT,
    });
  });

  test.each([
    ["EVENT", "ping", { zen: "x" }],
    ["EVENT", "Merge Request Hook", { object_kind: "merge_request" }],
    ["EVENT", "create", { ref: "v1", ref_type: "tag", repository }],
    ["SHAPE", "push", { hello: 1 }],
    ["SHAPE", "push", { ref: 7 }],
    ["SHAPE", "push", []],
    ["SHAPE", "push", { ref: "refs/heads/main", after: "x; rm -rf /", repository }],
    ["SHAPE", "push", { ref: "refs/heads/main", after: COMMIT }],
    ["DELETED", "push", { ref: "refs/heads/main", after: "0".repeat(40), deleted: true, repository }],
    ["DELETED", "Push Hook", { ref: "refs/heads/main", after: "0".repeat(40), checkout_sha: null, project }],
    ["REF", "push", { ref: "refs/notes/commits", after: COMMIT, repository }],
    ["REF", "push", { ref: "refs/heads/--all", after: COMMIT, repository }],
    ["REF", "push", { ref: "refs/heads/a b", after: COMMIT, repository }],
  ])("%s is ignored: %s %j", (ignored, event, payload) => {
    expect(readEvent(event, payload)).toMatchObject({ ignored });
  });
});

describe("repositories", () => {
  const told = {
    repository: "quotes/quote-api",
    addresses: [
      "https://git.example.com/git/quotes/quote-api.git",
      "git@git.example.com:quotes/quote-api.git",
    ],
  };
  test.each([
    ["https://git.example.com/quotes/quote-api.git", true],
    ["https://git.example.com/Quotes/Quote-API", true],
    ["https://git.example.com/git/quotes/quote-api.git/", true],
    ["git@git.example.com:quotes/quote-api.git", true],
    ["ssh://git@git.example.com:2222/quotes/quote-api.git", true],
    ["https://git.example.com/quotes/quote-api-2.git", false],
    ["https://git.example.com/other/quotes/quote-api.git", false],
    ["https://elsewhere.example.com/quotes/quote-api.git", false],
    ["not a url", false],
  ])("%s", (gitUrl, wanted) => expect(isRepository(gitUrl, "git.example.com:8443", told)).toBe(wanted));
});
