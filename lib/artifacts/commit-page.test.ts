import { expect, test } from "vitest";
import { commitPage, gitHostOf } from "./commit-page.ts";

test.each([
  ["gitlab", "https://git.test/quotes/api.git", "https://git.test/quotes/api/-/commit/c0ffee"],
  ["gitea", "http://git.test:3000/quotes/api", "http://git.test:3000/quotes/api/commit/c0ffee"],
  ["github", "git@git.test:quotes/api.git", "https://git.test/quotes/api/commit/c0ffee"],
  ["gitlab", "ssh://git@git.test:2222/a/b/c.git", "https://git.test/a/b/c/-/commit/c0ffee"],
  ["git", "https://git.test/quotes/api.git", null],
  ["gitlab", "/srv/git/api.git", null],
])("%s: %s", (kind, gitUrl, page) => {
  expect(commitPage({ kind }, gitUrl, "c0ffee")).toBe(page);
  expect(commitPage(null, gitUrl, "c0ffee")).toBeNull();
});

test("the host as it is registered, without anybody's password", () => {
  expect(gitHostOf("https://name:word@git.test:8443/a/b.git")).toBe("git.test:8443");
  expect(commitPage({ kind: "gitea" }, "https://name:word@git.test/a/b.git", "c")).not.toContain("word");
  expect(gitHostOf("git@git.test:a/b.git")).toBe("git.test");
});
