import { createServer, get, type IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test, vi } from "vitest";
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

test("the same over a connection, whose end it is told of", async () => {
  let out: EventStream | undefined;
  const told: string[] = [];
  const server = createServer((_, response) => {
    response.writeHead(200);
    out = new EventStream(response);
    out.onDrain(() => told.push("drained"));
    out.onEnd(() => told.push("ended"));
    out.send("hello");
  });
  const reader = await new Promise<IncomingMessage>((resolve, reject) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") return reject(new Error("no port"));
      get({ port: address.port, host: "127.0.0.1" }, resolve).on("error", reject);
    });
  });
  const frame = "x".repeat(1024 * 1024);
  let sent = 0;
  // What the system keeps for a connection comes before what waits here.
  await vi.waitFor(() => {
    const waits = out?.keepsUp === false;
    if (!waits) {
      out?.send(frame);
      sent += 1;
    }
    expect(waits).toBe(true);
  }, 10_000);
  const before = told.length;
  let taken = 0;
  reader.on("data", (piece: Buffer) => {
    taken += piece.length;
  });
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(before), 10_000);
  expect(out?.keepsUp).toBe(true);
  await vi.waitFor(() => expect(taken).toBe("hello".length + sent * frame.length), 10_000);
  reader.destroy();
  await vi.waitFor(() => expect(told.at(-1)).toBe("ended"));
  await new Promise((resolve) => server.close(resolve));
});
