import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { EventStream } from "./event-stream.ts";

const closed = (pipe: PassThrough) => new Promise((resolve) => pipe.once("close", resolve));

test("ends once, with what was sent before and nothing after", async () => {
  const pipe = new PassThrough();
  const out = new EventStream(pipe);
  const ends: string[] = [];
  out.onEnd(() => ends.push("early"));
  out.send("one ");
  out.send(Buffer.from("two"));
  out.end();
  out.end();
  out.send("three");
  out.onEnd(() => ends.push("late"));
  expect(await text(pipe)).toBe("one two");
  expect(ends).toEqual(["early", "late"]);
});

test("a reader who goes away ends it, before it began as well", async () => {
  const pipe = new PassThrough();
  const ends: string[] = [];
  new EventStream(pipe).onEnd(() => ends.push("first"));
  pipe.destroy();
  await closed(pipe);
  new EventStream(pipe).onEnd(() => ends.push("second"));
  expect(ends).toEqual(["first", "second"]);
});

test("tells that a reader is slow, and when they have caught up", async () => {
  const pipe = new PassThrough();
  const out = new EventStream(pipe);
  let drained = 0;
  out.onDrain(() => {
    drained += 1;
  });
  for (let n = 0; out.keepsUp && n < 1000; n += 1) out.send("x".repeat(1024));
  expect(out.keepsUp).toBe(false);
  expect(drained).toBe(0);
  pipe.resume();
  while (!out.keepsUp || drained === 0) await new Promise(setImmediate);
  expect(drained).toBe(1);
});
