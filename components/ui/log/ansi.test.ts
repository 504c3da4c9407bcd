import { expect, test } from "vitest";
import { parseAnsi, plainText } from "./ansi.ts";

const E = "\u001b";

test("colours and weight become spans", () => {
  expect(parseAnsi(`[${E}[1;31mERROR${E}[m] broken`)).toEqual([
    { text: "[" },
    { text: "ERROR", colour: "red", bold: true },
    { text: "] broken" },
  ]);
});

test("256 and true colours are exact, also with colons; the first sixteen are the theme's", () => {
  expect(parseAnsi(`${E}[38;5;196mred${E}[0m ${E}[38;2;1;2;3;1mbold${E}[38:2::4:5:6mcolon`)).toEqual([
    { text: "red", colour: "#ff0000" },
    { text: " " },
    { text: "bold", colour: "#010203", bold: true },
    { text: "colon", colour: "#040506", bold: true },
  ]);
  expect(parseAnsi(`${E}[38;5;2ma${E}[48;5;240mb${E}[49;38;5;12mc${E}[39md${E}[38;5;999me`)).toEqual([
    { text: "a", colour: "green" },
    { text: "b", colour: "green", back: "#585858" },
    { text: "c", colour: "blue" },
    { text: "d" },
    { text: "e" },
  ]);
});

test("every way to write is set and taken back", () => {
  expect(parseAnsi(`${E}[1;3;4;9mall${E}[22;23mless${E}[24;29;7minverse${E}[27;44mback${E}[mnone`)).toEqual([
    { text: "all", bold: true, italic: true, underline: true, strike: true },
    { text: "less", underline: true, strike: true },
    { text: "inverse", inverse: true },
    { text: "back", back: "blue" },
    { text: "none" },
  ]);
  expect(parseAnsi(`${E}[4:3mcurly${E}[4:0mno`)).toEqual([
    { text: "curly", underline: true },
    { text: "no" },
  ]);
});

test("a link leads to the web or nowhere", () => {
  expect(parseAnsi(`${E}]8;;https://example.com/a${E}\\here${E}]8;;${E}\\ there`)).toEqual([
    { text: "here", href: "https://example.com/a" },
    { text: " there" },
  ]);
  expect(parseAnsi(`${E}]8;;javascript:alert(1)${E}\\here${E}]8;;${E}\\`)).toEqual([{ text: "here" }]);
});

test("a line that is written over keeps its colour", () => {
  expect(parseAnsi(`${E}[32m10%\r20%\r${E}[K100%`)).toEqual([{ text: "100%", colour: "green" }]);
});

test("hidden annotations of the build server, titles, cursor moves and control characters are not shown", () => {
  expect(plainText(`${E}[8mha:////4AAA==${E}[0mStarted by ${E}]0;title\u0007dev${E}[2K\u0000`)).toBe(
    "Started by dev",
  );
});

test("a progress line shows its last state", () => {
  expect(plainText("10%\r50%\r100%\r")).toBe("100%");
});

test("markup stays text", () => {
  expect(plainText("<script>alert(1)</script>")).toBe("<script>alert(1)</script>");
});

test("an unfinished sequence at the end of a chunk loses nothing before it", () => {
  expect(plainText(`done${E}[3`)).toBe("done");
  expect(plainText(`done${E}`)).toBe("done");
});
