import { expect, it } from "vitest";
import { formatCursor, parseCursor } from "./cursor.ts";

it("reads back what it wrote, for the topics asked for", () => {
  const cursor = new Map([
    ["environment:quotes/FAT", 3],
    ["release:20261120-quotes-001", 12],
  ]);
  const text = formatCursor(cursor);
  expect(parseCursor(text, [...cursor.keys()])).toEqual(cursor);
  expect(parseCursor(text, ["release:20261120-quotes-001"])).toEqual(
    new Map([["release:20261120-quotes-001", 12]]),
  );
});

it.each([null, "", "~", "project:x", "project:x@", "project:x@-1", "project:x@1e3"])(
  "leaves out %s",
  (text) => {
    expect(parseCursor(text, ["project:x"])).toEqual(new Map());
  },
);
