import { expect, test } from "vitest";
import { boardStream } from "./board-stream.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** A board whose state is a number, told in frames of a kilobyte. */
function board(name: string) {
  const readers = new Set<(frame: Uint8Array) => void>();
  let state = 0;
  const frame = (kind: string) => encode(`${kind} ${name} ${state}`.padEnd(1024));
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
const text = (value: Uint8Array | undefined) => new TextDecoder().decode(value).trim();

test("a reader who keeps up is told every change, one who does not is told the newest state", async () => {
  const [east, west] = [board("east"), board("west")];
  let ended = 0;
  const stream = boardStream([east, west], ({ say }) => {
    say("hello");
    return () => {
      ended += 1;
    };
  });
  const reader = stream.getReader();
  const next = async () => text((await reader.read()).value);
  expect([await next(), await next(), await next()]).toEqual(["hello", "whole east 0", "whole west 0"]);
  east.next();
  east.next();
  expect([await next(), await next()]).toEqual(["patch east 1", "patch east 2"]);
  // Two thousand kilobytes that nobody takes.
  for (let n = 0; n < 2000; n += 1) east.next();
  west.next();
  const waited: string[] = [];
  while (waited.at(-1) !== "whole east 2002") waited.push(await next());
  expect(waited.length).toBeLessThan(300);
  expect(waited[0]).toBe("patch east 3");
  expect(await next()).toBe("whole west 1");
  east.next();
  expect(await next()).toBe("patch east 2003");
  await reader.cancel();
  expect([ended, east.readers.size, west.readers.size]).toEqual([1, 0, 0]);
});

test("whoever begins can end it", async () => {
  const east = board("east");
  let stop = () => {};
  const stream = boardStream([east], (voice) => {
    stop = () => {
      voice.say("bye");
      voice.stop();
      voice.stop();
    };
    return () => {};
  });
  stop();
  east.next();
  const told: string[] = [];
  for await (const piece of stream) told.push(text(piece));
  expect(told).toEqual(["whole east 0", "bye"]);
  expect(east.readers.size).toBe(0);
});
