import { expect, test } from "vitest";
import { formatDuration } from "./duration-format.ts";
import { findHits, looksLikeError } from "./log-search.ts";
import { initialsOf } from "./person-look.ts";
import { middle, shortDigest } from "./text.ts";

test("digests keep algorithm and both ends", () => {
  expect(shortDigest(`sha256:9c41${"0".repeat(56)}e7b2`)).toBe("sha256:9c41…e7b2");
  expect(shortDigest("sha256:9c41…e7b2")).toBe("sha256:9c41…e7b2");
});

test("a long name loses its middle and no more than it must", () => {
  expect(middle("quote-api-6f7c9d8b4-m4tzq", 12)).toBe("quote-…m4tzq");
  expect(middle("quote-api", 9)).toBe("quote-api");
});

test.each([
  [0, "0 秒", "0s"],
  [0.004, "不到 0.1 秒", "under 0.1s"],
  [0.34, "0.3 秒", "0.3s"],
  [0.96, "1 秒", "1s"],
  [1.4, "1 秒", "1s"],
  [252, "4 分 12 秒", "4m 12s"],
  [125, "2 分 05 秒", "2m 05s"],
  [240, "4 分", "4m"],
  [3 * 3600 + 35 * 60, "3 小时 35 分", "3h 35m"],
  [3599.6, "1 小时", "1h"],
  [9 * 86_400 + 7200, "9 天 2 小时", "9d 2h"],
  [-5, "0 秒", "0s"],
])("%s seconds", (seconds, zh, en) => {
  expect(formatDuration(seconds, "zh")).toBe(zh);
  expect(formatDuration(seconds, "en")).toBe(en);
});

test("faces tell people with like names apart", () => {
  expect(["dev", "ops2", "li.wei", "x", "林晓雨"].map(initialsOf)).toEqual(["De", "O2", "Lw", "X", "雨"]);
});

test("hits are found without regard to case and do not overlap", () => {
  expect(findHits(["Redis redis", "none", "reredis"], "redis")).toEqual([
    { line: 0, from: 0, to: 5 },
    { line: 0, from: 6, to: 11 },
    { line: 2, from: 2, to: 7 },
  ]);
  expect(findHits(["aaaa"], "aa")).toHaveLength(2);
  expect(findHits(["x"], "")).toEqual([]);
});

test.each([
  ["[ERROR] rollsAtMidnight:88 expected 2", true],
  ["java.net.ConnectException: refused", true],
  ["FATAL no space left", true],
  ["ERROR: Build failed", true],
  ["Tests run: 64, Failures: 0, Errors: 0, Skipped: 0", false],
  ["0 errors", false],
  ["+ node -e 'throw new Error(\"failed: 3\")'", false],
  ["INFO error-handler started", false],
  ["Finished: SUCCESS", false],
])("%s looks like an error: %s", (line, expected) => {
  expect(looksLikeError(line)).toBe(expected);
});
