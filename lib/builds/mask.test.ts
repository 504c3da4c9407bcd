import { expect, test } from "vitest";
import { LineEnds } from "./log-line-ends.ts";
import { SecretMask, secretWords } from "./mask.ts";

function masked(text: string, secrets: string[], pieceBytes: number): string {
  const mask = new SecretMask(secretWords(secrets));
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    parts.push(mask.push(bytes.subarray(at, at + pieceBytes)));
  }
  return Buffer.concat([...parts, mask.end()]).toString();
}

const PIECES = [1, 2, 3, 5, 7, 1000];

test("every occurrence is masked, the longest of those that begin together, wherever the pieces end", () => {
  const text = "a hunter22-more b hunter22 c hunter22-mor d 密码一二三四 hunter2";
  for (const size of PIECES) {
    expect(masked(text, ["hunter22", "hunter22-more", "密码一二三四"], size)).toBe(
      "a **** b **** c ****-mor d **** hunter2",
    );
  }
});

test("secrets that overlap: the leftmost is masked, and the rest is read anew", () => {
  for (const size of PIECES) {
    expect(masked("xabcdefyy", ["abcd", "cdef"], size)).toBe("x****efyy");
    expect(masked("aaaaaaaaa", ["aaaa"], size)).toBe("********a");
  }
});

test("lines of a secret of several are masked one by one, a short one stays", () => {
  for (const size of PIECES) {
    expect(
      masked("x abcdefgh y ijkl -----BEGIN----- abc", ["-----BEGIN-----\r\nabcdefgh\r\nijkl\n", "abc"], size),
    ).toBe("x **** y **** **** abc");
  }
});

test("bytes that are no text pass as they are, and what is held back is told", () => {
  const mask = new SecretMask(secretWords(["hunter22"]));
  const bytes = Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0xf0]);
  expect(mask.push(bytes).equals(bytes)).toBe(true);
  expect(mask.held).toBe(0);
  expect(mask.push(Buffer.from("it is hunt")).toString()).toBe("it is ");
  expect(mask.held).toBe(4);
  expect(mask.masked).toBe(false);
  expect(mask.push(Buffer.from("er22\n")).toString()).toBe("****\n");
  expect(mask.masked).toBe(true);
});

test("CR LF becomes LF wherever the pieces end; a CR alone stays", () => {
  const text = Buffer.from("a\r\nb\rc\n\r\r\nd\r");
  for (const size of PIECES) {
    const ends = new LineEnds();
    const parts: Buffer[] = [];
    for (let at = 0; at < text.length; at += size)
      parts.push(Buffer.from(ends.push(text.subarray(at, at + size))));
    expect(ends.held).toBe(1);
    expect(Buffer.concat([...parts, ends.end()]).toString()).toBe("a\nb\rc\n\r\nd\r");
  }
});
