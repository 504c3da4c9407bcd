import { expect, test } from "vitest";
import { beyond, contains, type History } from "./beyond.ts";

const history = (ids: string, more = false): History => ({
  commits: [...ids].map((id) => ({
    commit: id,
    subject: id,
    authorName: "dev",
    // a is the oldest
    authoredAt: `2026-11-${String(id.charCodeAt(0) - 86).padStart(2, "0")}T00:00:00Z`,
    tickets: [],
  })),
  more,
});
const ids = (found: { commits: { commit: string }[] }) => found.commits.map(({ commit }) => commit).join("");

test("what the running version lacks", () => {
  expect(ids(beyond(history("edcba"), history("cba")))).toBe("ed");
  expect(beyond(history("cba"), history("cba"))).toEqual({ commits: [], atLeast: false });
});

test("a branch that was merged counts with all its commits, also those older than the running version", () => {
  expect(ids(beyond(history("gfedcba"), history("fdca")))).toBe("geb");
});

test("a ref behind the running version brings nothing new", () => {
  expect(ids(beyond(history("ba"), history("edcba")))).toBe("");
});

test("nothing runs there: the whole history is new", () => {
  expect(beyond(history("cba", true), null)).toMatchObject({ atLeast: true });
});

test("lists that were cut: what lies behind the end of the running one is not new", () => {
  expect(ids(beyond(history("edcba"), history("dcb", true)))).toBe("e");
  expect(beyond(history("hgf", true), history("cb", true)).atLeast).toBe(true);
  expect(beyond(history("hgf", true), history("f", true)).atLeast).toBe(false);
});

test("contained, not contained, not known", () => {
  expect(contains(history("cba"), "b")).toBe(true);
  expect(contains(history("cba"), "x")).toBe(false);
  expect(contains(history("cb", true), "a")).toBeUndefined();
});
