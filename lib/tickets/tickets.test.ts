import { describe, expect, test } from "vitest";
import { createBudget, splitTickets, ticketsIn } from "./find.ts";
import { MAX_TEXT, refusedPattern } from "./pattern.ts";
import { ticketPatternSchema } from "./schema.ts";

const JIRA = { pattern: "([A-Z]{2,10})-(\\d+)", url: "https://jira.example.com/browse/$1-$2" };

describe("patterns", () => {
  test.each([
    ["([A-Z]{2,10}-\\d+)", null],
    ["\\b[A-Z][A-Z0-9]+-\\d+\\b", null],
    ["#(\\d{1,8})", null],
    ["(?:QT|RISK|OMS)-\\d+(?:-\\d+)?", null],
    ["(?:ab){2}c", null],
    ["需求[（(](\\d{4,6})[)）]", null],
    ["([A-Z", "syntax"],
    ["\\p{Nonsense}", "syntax"],
    ["a{2,1}", "syntax"],
    ["(?=QT)QT-\\d", "unsupported"],
    ["(?<key>QT-\\d)", "unsupported"],
    ["(\\w)\\1", "unsupported"],
    ["(\\d+)+x", "nested"],
    ["(?:\\d|\\d\\d)*x", "nested"],
    ["(?:a?){20}x", "nested"],
    ["((?:\\d{1,3})+)x", "nested"],
    ["\\d+\\d+\\d+x", "costly"],
    [`${"a?".repeat(20)}${"a".repeat(20)}`, "costly"],
    ["(?:a|a)(?:a|a)".repeat(10), "costly"],
    ["(?:\\d{0,60}){1}\\d{0,60}\\d{0,60}x", "costly"],
    ["\\d*", "empty"],
    ["", "empty"],
    ["a|", "empty"],
  ])("%s", (pattern, wanted) => expect(refusedPattern(pattern)).toBe(wanted));

  test("what passes at its dearest still ends", () => {
    // A hundredth of the time that the refused ones take would already be noticed: they take hours.
    const text = `${"1".repeat(5000)}`;
    for (const pattern of ["\\d+\\d+x", "(?:1|11)\\d{0,100}\\d{0,99}x"]) {
      expect(refusedPattern(pattern)).toBeNull();
      expect(ticketsIn(text, [{ pattern, url: "https://x.example/$0" }])).toEqual([]);
    }
  });
});

describe("addresses", () => {
  test.each([
    ["https://jira.example.com/browse/$1", true],
    ["http://tracker:8080/?id=$1#$2", true],
    ["https://jira.example.com", true],
    ["javascript:alert($1)", false],
    ["https://$1.example.com/", false],
    ["https://user@jira.example.com/$1", false],
    ["https://jira.example.com\\$1", false],
    ["//jira.example.com/$1", false],
    ["https://", false],
  ])("%s", (url, wanted) => expect(ticketPatternSchema.safeParse({ ...JIRA, url }).success).toBe(wanted));
});

describe("tickets in a text", () => {
  test("are linked, each once", () => {
    expect(ticketsIn("QT-12 and OMS-3, again QT-12; utf-8", [JIRA])).toEqual([
      { key: "QT-12", url: "https://jira.example.com/browse/QT-12" },
      { key: "OMS-3", url: "https://jira.example.com/browse/OMS-3" },
    ]);
  });

  test("without patterns have no address", () => {
    expect(ticketsIn("OMS-42 fix OMS-42, RISK2-7; utf-8 A-1", [])).toEqual([
      { key: "OMS-42", url: null },
      { key: "RISK2-7", url: null },
    ]);
  });

  test("what a commit says is text in the address, never a part of its syntax", () => {
    const [ticket] = ticketsIn('see [../../x?y#z&"]', [
      { pattern: "\\[([^\\]]+)\\]", url: "https://t.example/i/$1?all=$0&none=$9" },
    ]);
    expect(ticket?.url).toBe(
      "https://t.example/i/..%2F..%2Fx%3Fy%23z%26%22?all=%5B..%2F..%2Fx%3Fy%23z%26%22%5D&none=",
    );
  });

  test("the parts are the text, the earlier match counts, and what is far behind is not searched", () => {
    const long = `修复 QT-1821-7 ${"。".repeat(MAX_TEXT)} QT-9`;
    const parts = splitTickets(long, [JIRA, { pattern: "1821-(\\d)", url: "https://other.example/$1" }]);
    expect(parts.map(({ text }) => text).join("")).toBe(long);
    expect(parts.flatMap(({ ticket }) => ticket?.key ?? [])).toEqual(["QT-1821"]);
  });
});

test("texts that cost too much together are not searched to the last", () => {
  const dear = { pattern: "(?:1|1|1|1)\\d{0,199}\\d{0,199}x", url: "https://x.example/$0" };
  expect(refusedPattern(dear.pattern)).toBeNull();
  const budget = createBudget();
  const usual = budget.leftMs;
  expect(ticketsIn("QT-1", [JIRA], budget)).toHaveLength(1);
  for (let round = 0; round < 1000 && budget.leftMs > 0; round += 1)
    ticketsIn(`${"1".repeat(MAX_TEXT)}`, [dear], budget);
  expect(usual).toBeGreaterThan(0);
  expect(ticketsIn("QT-1", [JIRA], budget)).toEqual([]);
  expect(ticketsIn("QT-1", [JIRA])).toHaveLength(1);
});
