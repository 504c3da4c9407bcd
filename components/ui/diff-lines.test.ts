import { expect, test } from "vitest";
import { inlineMarks, lineDiff, numberRows, rowsOf, sections } from "./diff-lines.ts";

test("a replaced line stands beside its replacement, an added one alone", () => {
  expect(lineDiff("a\nb\nc\n", "a\nB\nx\nc\n")).toEqual([
    { kind: "same", left: "a", right: "a" },
    { kind: "change", left: "b", right: "B" },
    { kind: "add", right: "x" },
    { kind: "same", left: "c", right: "c" },
  ]);
  expect(lineDiff("", "new\n")).toEqual([{ kind: "add", right: "new" }]);
});

test("numbers count each side for itself and follow given ones", () => {
  const numbers = numberRows([
    { kind: "same", left: "a", right: "a", leftNumber: 7, rightNumber: 9 },
    { kind: "add", right: "x" },
    { kind: "same", left: "b", right: "b" },
  ]).map(({ left, right }) => [left, right]);
  expect(numbers).toEqual([
    [7, 9],
    [undefined, 10],
    [8, 11],
  ]);
});

test("stored lines pair up run by run, each row keeping the line that says its source", () => {
  const line = (
    kind: "same" | "added" | "removed",
    text: string,
    left: number | null,
    right: number | null,
  ) => ({
    kind,
    text,
    left,
    right,
  });
  const rows = rowsOf([
    line("same", "a", 1, 1),
    line("removed", "b", 2, null),
    line("added", "B", null, 2),
    line("added", "x", null, 3),
    line("removed", "last", 3, null),
  ]);
  expect(rows.map(({ kind, left, right, line: { text } }) => [kind, left, right, text])).toEqual([
    ["same", "a", "a", "a"],
    ["change", "b", "B", "B"],
    ["change", "last", "x", "x"],
  ]);
});

test("unchanged rows far from a change fold; short runs do not", () => {
  const kept = (text: string) => [...text].map((letter) => letter === "x");
  expect(sections(kept("........x........"), 3)).toEqual([
    { fold: true, from: 0, count: 5 },
    { fold: false, from: 5, count: 7 },
    { fold: true, from: 12, count: 5 },
  ]);
  expect(sections(kept("......x"), 3)).toEqual([{ fold: false, from: 0, count: 7 }]);
  expect(sections(kept("....."), 3)).toEqual([{ fold: true, from: 0, count: 5 }]);
  expect(sections([], 3)).toEqual([]);
});

test("marks cover what differs, and nothing where hardly anything is common", () => {
  expect(inlineMarks("limit: 500000", "limit: 800000")).toEqual({ start: 7, leftEnd: 8, rightEnd: 8 });
  expect(inlineMarks("aa", "aaa")).toEqual({ start: 2, leftEnd: 2, rightEnd: 3 });
  expect(inlineMarks("  kind: Service", "  name: quote")).toBeNull();
});
