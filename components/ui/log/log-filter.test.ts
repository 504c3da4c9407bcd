import { expect, test, vi } from "vitest";
import { type LogPattern, matcherOf, matchesIn } from "./line-filter.ts";
import { LogBuffer } from "./log-buffer.ts";
import { type FilterWorker, LogFilter } from "./log-filter.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** The worker's code on this thread, one task later. */
function worker(): FilterWorker {
  let matcher: ReturnType<typeof matcherOf> | null = null;
  const made: FilterWorker = {
    onmessage: null,
    terminate: () => {},
    postMessage(message: { task: LogPattern } | { bytes: Uint8Array }) {
      if ("task" in message) matcher = matcherOf(message.task);
      else if (matcher) {
        const data = matchesIn(message.bytes, matcher);
        queueMicrotask(() => made.onmessage?.(new MessageEvent("message", { data })));
      }
    },
  };
  return made;
}
const linesOf = (filter: LogFilter) =>
  Array.from({ length: filter.end - filter.first }, (_, index) => filter.at(filter.first + index)?.line);

test("matches are found in what a reader sees, not in colours and stamps", () => {
  const log = encode(
    "2026-11-20T09:00:00.123456789Z \u001b[31mERR\u001b[0mOR one\n2026-11-20T09:00:01Z fine\nplain error two\n",
  );
  expect([...matchesIn(log, matcherOf({ text: "error", regex: false }))]).toEqual([0, 0, 5, 2, 6, 11]);
  expect([...matchesIn(log, matcherOf({ text: "^error|two$", regex: true }))]).toEqual([0, 0, 5, 2, 12, 15]);
  expect([...matchesIn(log, matcherOf({ text: "2026", regex: false }))]).toEqual([]);
  expect(() => matcherOf({ text: "(", regex: true })).toThrow(SyntaxError);
  expect([...matchesIn(log, matcherOf({ text: "(", regex: false }))]).toEqual([]);
});

test("a filter goes through what is there and on with what comes, and forgets what the log forgot", async () => {
  const log = new LogBuffer({ bytes: 600 * 1024, lines: 1_000_000 });
  const add = (from: number, to: number) => {
    for (let n = from; n < to; n++)
      log.add(encode(`${n} ${n % 10 === 0 ? "WARN" : "info"} ${"·".repeat(30)}\n`));
  };
  add(0, 2000);
  const filter = new LogFilter(log, { text: "warn", regex: false }, worker(), () => {});
  await vi.waitFor(() => expect(filter.state).toBe("done"));
  expect(linesOf(filter)).toEqual(Array.from({ length: 200 }, (_, index) => index * 10));
  add(2000, 20_000);
  filter.grown();
  await vi.waitFor(() => expect(filter.state).toBe("done"));
  const lines = linesOf(filter);
  expect(log.first).toBeGreaterThan(0);
  expect(lines.at(-1)).toBe(19_990);
  expect(lines[0]).toBeGreaterThanOrEqual(log.first);
  expect(filter.first).toBeGreaterThan(0);
  filter.stop();
});

test("an expression that takes for ever is ended, and said to be slow", () => {
  vi.useFakeTimers();
  const log = new LogBuffer({ bytes: 1024 * 1024, lines: 1000 });
  log.add(encode("aaaa\n"));
  const silent: FilterWorker = { onmessage: null, postMessage: () => {}, terminate: vi.fn() };
  const filter = new LogFilter(log, { text: "(a+)+$", regex: true }, silent, () => {});
  expect(filter.state).toBe("working");
  vi.runAllTimers();
  expect(filter.state).toBe("slow");
  expect(silent.terminate).toHaveBeenCalled();
  vi.useRealTimers();
});
