import { expect, test } from "vitest";
import { tellingLine } from "./failure-line.ts";
import { cut } from "./log.ts";
import { endsInside, maskSecrets, secretWords } from "./mask.ts";

test("every occurrence is masked, the longest first", () => {
  const words = secretWords(["hunter22", "hunter22-more"]);
  expect(maskSecrets("a hunter22-more b hunter22 c hunter22", words)).toBe("a **** b **** c ****");
});

test("lines of a secret of several are masked one by one", () => {
  const words = secretWords(["-----BEGIN-----\nabcdefgh\nijkl"]);
  expect(maskSecrets("x abcdefgh y ijkl -----BEGIN-----", words)).toBe("x **** y **** ****");
});

test("a short value stays: masking it would blank out words", () => {
  expect(maskSecrets("abc", secretWords(["abc"]))).toBe("abc");
});

test("text that ends in what may become a secret waits for the rest", () => {
  const words = secretWords(["hunter22"]);
  expect(endsInside("password is hunt", words)).toBe(true);
  expect(endsInside("password is hunter22", words)).toBe(false);
  expect(endsInside("a whole line\n", words)).toBe(false);
  expect(endsInside("half a character \uFFFD", [])).toBe(true);
});

test("a log is cut between characters and nothing is lost", () => {
  const text = Buffer.from(`${"x".repeat(64 * 1024 - 1)}发布单${"y".repeat(70_000)}`);
  const pieces = cut(text);
  expect(Buffer.concat(pieces).equals(text)).toBe(true);
  expect(pieces.length).toBe(3);
  for (const piece of pieces) {
    expect(piece.length).toBeLessThanOrEqual(64 * 1024);
    expect(piece.toString("utf8")).not.toContain("\uFFFD");
  }
});

test("the line that says why, not the last one", () => {
  expect(tellingLine("step 1\nError: no such file\ncleaning up\nFinished: FAILURE\n")).toBe(
    "Error: no such file",
  );
  expect(tellingLine("just this\n")).toBe("just this");
  expect(tellingLine("Finished: FAILURE\n")).toBeNull();
});
