import { expect, test } from "vitest";
import { linksIn, safeLink } from "./safe-link.ts";

test.each([
  ["https://example.com/a?b=1", "https://example.com/a?b=1"],
  ["HTTP://example.com", "http://example.com/"],
  ["javascript:alert(1)", undefined],
  ["JaVaScRiPt:alert(1)//https://example.com", undefined],
  ["data:text/html,<script>alert(1)</script>", undefined],
  ["\u0001javascript:alert(1)", undefined],
  ["//example.com", undefined],
  ["http://", undefined],
])("%s leads to %s", (text, href) => {
  expect(safeLink(text)).toBe(href);
});

test("addresses are found without the sentence around them", () => {
  expect(linksIn("见 https://ci.example.com/job/1。完成 (http://a.example/x), javascript:alert(1)")).toEqual([
    { text: "见 " },
    { text: "https://ci.example.com/job/1", href: "https://ci.example.com/job/1" },
    { text: "。完成 (" },
    { text: "http://a.example/x", href: "http://a.example/x" },
    { text: "), javascript:alert(1)" },
  ]);
  expect(linksIn("no address")).toEqual([{ text: "no address" }]);
});
