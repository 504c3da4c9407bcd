import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { EventStream } from "#lib/http/event-stream.ts";
import { tellBoards } from "./board-stream.ts";

const FRAME = 1024;

/** A board whose state is a number, told in frames of a kilobyte. */
function board(name: string) {
  const readers = new Set<(frame: Uint8Array) => void>();
  let state = 0;
  const frame = (kind: string) => new TextEncoder().encode(`${kind} ${name} ${state}`.padEnd(FRAME));
  return {
    whole: () => frame("whole"),
    read: (onFrame: (frame: Uint8Array) => void) => {
      readers.add(onFrame);
      return () => readers.delete(onFrame);
    },
    next: () => {
      state += 1;
      for (const reader of readers) reader(frame("patch"));
    },
    readers,
  };
}

/** A connection that takes nothing until `take` is called, which gives what was told since. */
function connection() {
  const pipe = new PassThrough();
  const take = async () => {
    let text = "";
    // Room for what is told when the reader has caught up.
    for (let idle = 0; idle < 3; idle += 1) {
      for (let piece = pipe.read(); piece !== null; piece = pipe.read()) {
        text += piece;
        idle = 0;
      }
      await new Promise(setImmediate);
    }
    return (text.match(/\w+ \w+ \d+/g) ?? []) as string[];
  };
  return { pipe, out: new EventStream(pipe), take };
}

test("a reader who keeps up is told every change, one who does not is told the newest state", async () => {
  const [east, west] = [board("east"), board("west")];
  const { pipe, out, take } = connection();
  tellBoards([east, west], out);
  expect(await take()).toEqual(["whole east 0", "whole west 0"]);
  east.next();
  east.next();
  expect(await take()).toEqual(["patch east 1", "patch east 2"]);
  // Two thousand kilobytes that nobody takes.
  for (let n = 0; n < 2000; n += 1) east.next();
  west.next();
  expect(pipe.writableLength).toBeLessThan(300 * FRAME);
  const waited = await take();
  expect(waited.length).toBeLessThan(350);
  expect(waited[0]).toBe("patch east 3");
  expect(waited.slice(-2)).toEqual(["whole east 2002", "whole west 1"]);
  east.next();
  expect(await take()).toEqual(["patch east 2003"]);
});

test("a reader who goes away is told nothing more", async () => {
  const [east, west] = [board("east"), board("west")];
  const { pipe, out } = connection();
  tellBoards([east, west], out);
  pipe.destroy();
  await new Promise((resolve) => pipe.once("close", resolve));
  expect([east.readers.size, west.readers.size]).toEqual([0, 0]);
});
