import { expect, test } from "vitest";
import { LogBuffer } from "./log-buffer.ts";
import { copyOf } from "./log-copy.ts";

const logOf = (text: string) => {
  const log = new LogBuffer({ bytes: 64 * 1024 * 1024, lines: 1_000_000 });
  log.add(new TextEncoder().encode(text));
  return log;
};

test("a log is copied without its colours", () => {
  expect(copyOf(logOf("\u001b[32m[INFO]\u001b[0m 编译\n  ok\n"))).toBe("[INFO] 编译\n  ok");
  expect(copyOf(logOf(""))).toBe("");
  expect(copyOf(logOf("a\nb\nc\nd\n"), { from: 2, to: 3 })).toBe("b\nc");
  expect(copyOf(logOf("a\nb\n"), { from: 2, to: 9 })).toBe("b");
});

test("one that no clipboard takes is not", () => {
  expect(copyOf(logOf(`${"x".repeat(1023)}\n`.repeat(9 * 1024)))).toBeNull();
});
