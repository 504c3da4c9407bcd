import { expect, test } from "vitest";
import { bodyOf } from "./message.ts";

test.each([
  ["QT-1 one line", ""],
  ["QT-1 a subject\nof two lines\n", ""],
  ["QT-1 subject\n\nbody\n\n\nmore\n", "body\n\n\nmore"],
  ["QT-1 subject\r\n\r\nby CRLF\r\nand on", "by CRLF\nand on"],
  ["\n\nsubject\n \t\nbody", "body"],
  ["s\n\nred \u001b[31mtext\u0007 \u202eturned\u2066", "red [31mtext turned"],
])("the body of %j", (message, body) => {
  expect(bodyOf(message)).toEqual({ body, bodyCut: false });
});

test("a body without end is cut, and says so", () => {
  const { body, bodyCut } = bodyOf(`s\n\n${"字".repeat(30_000)}`);
  expect([body.length, bodyCut]).toEqual([20_000, true]);
});
