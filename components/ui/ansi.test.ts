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

test("256 and true colours are read over without eating the text", () => {
  expect(parseAnsi(`${E}[38;5;196mred${E}[0m ${E}[38;2;1;2;3;1mbold`)).toEqual([
    { text: "red" },
    { text: " " },
    { text: "bold", bold: true },
  ]);
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
