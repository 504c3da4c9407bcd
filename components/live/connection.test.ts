import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Hearing, LiveConnection } from "./connection.ts";

/** What the browser would open; the test is the portal on its other end. */
class Stream extends EventTarget {
  static readonly CLOSED = 2;
  static all: Stream[] = [];
  readonly url: string;
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((message: MessageEvent) => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(url: string) {
    super();
    this.url = url;
    Stream.all.push(this);
  }
  close(): void {
    this.readyState = Stream.CLOSED;
  }
  begin(id: string): void {
    this.readyState = 1;
    this.onopen?.();
    this.dispatchEvent(new MessageEvent("ready", { lastEventId: id }));
  }
}

let states: Hearing[];
let connection: LiveConnection;
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Stream);
  Stream.all = [];
  states = [];
  connection = new LiveConnection();
  connection.onState((state) => states.push(state));
  connection.subscribe(["release:1"], () => undefined);
  vi.advanceTimersByTime(100);
  Stream.all[0]?.begin("release:1@7");
});
afterEach(() => {
  connection.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a stream that is silent is given up, and another resumes after what was heard", () => {
  expect(states.at(-1)).toBe("open");
  vi.advanceTimersByTime(20_000);
  expect(states.at(-1)).toBe("lost");
  expect(Stream.all.map(({ readyState }) => readyState)).toEqual([Stream.CLOSED, 0]);
  expect(decodeURIComponent(Stream.all[1]?.url ?? "")).toContain("lastEventId=release:1@7");
  Stream.all[1]?.begin("release:1@9");
  expect(states.at(-1)).toBe("open");
});

test("one that beats is kept, however long nothing happens", () => {
  for (let beat = 0; beat < 40; beat += 1) {
    vi.advanceTimersByTime(3_000);
    Stream.all[0]?.dispatchEvent(new MessageEvent("beat"));
  }
  expect(states.at(-1)).toBe("open");
  expect(Stream.all).toHaveLength(1);
});

test("one that never begins is given up, too", () => {
  vi.advanceTimersByTime(20_000);
  vi.advanceTimersByTime(20_000);
  expect(Stream.all.length).toBeGreaterThan(2);
  expect(Stream.all.filter(({ readyState }) => readyState !== Stream.CLOSED)).toHaveLength(1);
});

test("nothing is watched when nobody listens", () => {
  connection.close();
  vi.advanceTimersByTime(60_000);
  expect(Stream.all).toHaveLength(1);
});
