import { expect, test } from "vitest";
import { commitOptions, fits, looksLikeCommit, refOptions } from "./ref-options.ts";

const head = (commit: string, authoredAt: string) => ({
  commit,
  subject: commit,
  authorName: "dev",
  authoredAt,
  tickets: [],
});
const now = Date.parse("2026-11-20T00:00:00Z");

test("branches by their newest commit, the recent ones marked, refs without a head last", () => {
  const refs = [
    { kind: "branch", name: "old", commit: "a", head: head("a", "2026-09-01T00:00:00Z"), isDefault: false },
    { kind: "tag", name: "v1", commit: "b", head: head("b", "2026-11-19T00:00:00Z"), isDefault: false },
    { kind: "branch", name: "odd", commit: "d", head: null, isDefault: false },
    { kind: "branch", name: "new", commit: "c", head: head("c", "2026-11-18T00:00:00Z"), isDefault: true },
  ] as const;
  const options = refOptions([...refs], "branch", now);
  expect(options.map(({ ref, recent }) => [ref, recent])).toEqual([
    ["new", true],
    ["old", false],
    ["odd", false],
  ]);
});

test("a pasted commit stands first, once", () => {
  const a = head("aaaaaaa", "2026-11-01T00:00:00Z");
  const b = head("bbbbbbb", "2026-11-02T00:00:00Z");
  expect(commitOptions([a, b], b).map(({ ref }) => ref)).toEqual(["bbbbbbb", "aaaaaaa"]);
  expect(commitOptions([a], undefined).map(({ ref }) => ref)).toEqual(["aaaaaaa"]);
});

test("commit ids have seven to forty hexadecimal digits", () => {
  expect(
    [" 41d07be ", "41d07b", "main", `${"a".repeat(40)}`, `${"a".repeat(41)}`].map(looksLikeCommit),
  ).toEqual([true, false, false, true, false]);
});

test("the list follows what is typed: name, subject, author or the start of a commit", () => {
  const [option] = commitOptions(
    [{ ...head("41d07be", "2026-11-01T00:00:00Z"), subject: "QT-1821 行情" }],
    undefined,
  );
  if (option === undefined) throw new Error("no option");
  expect(["", "41d", "qt-18", "行情", "DEV", "v1.1.0", "7be"].map((text) => fits(option, text))).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
    true,
  ]);
});
