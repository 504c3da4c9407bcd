import { describe, expect, test } from "vitest";
import { LogBuffer } from "./log-buffer.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const roomy = { bytes: 64 * 1024 * 1024, lines: 1_000_000 };
const lines = (log: LogBuffer) =>
  Array.from({ length: log.end - log.first }, (_, index) => log.line(log.first + index));

describe("a log as it comes", () => {
  test("characters and lines that are cut between two pieces are whole again", () => {
    const bytes = encode("检出\n\n构建镜像\n推送");
    for (let cut = 0; cut <= bytes.length; cut++) {
      const log = new LogBuffer(roomy);
      log.add(bytes.subarray(0, cut));
      log.add(bytes.subarray(cut));
      expect(lines(log)).toEqual(["检出", "", "构建镜像"]);
      log.close();
      expect(lines(log)).toEqual(["检出", "", "构建镜像", "推送"]);
    }
  });

  test("bytes that are no text are shown as such and break nothing", () => {
    const log = new LogBuffer(roomy);
    log.add(Uint8Array.of(0xff, 0xfe, 10, 0x41, 10));
    expect(lines(log)).toEqual(["\ufffd\ufffd", "A"]);
  });

  test("more than the limit lets the oldest go, says how much, and keeps the numbers", () => {
    const line = `${"x".repeat(99)}\n`;
    const log = new LogBuffer({ bytes: 1024 * 1024, lines: 1_000_000 });
    const piece = encode(line.repeat(500));
    for (let sent = 0; sent < 4 * 1024 * 1024; sent += piece.length) log.add(piece);
    expect(log.bytes).toBeLessThanOrEqual(1024 * 1024);
    expect(log.bytes + log.dropped).toBe(log.end * 100);
    expect(log.first).toBe(log.dropped / 100);
    expect(log.line(log.first)).toBe("x".repeat(99));
    expect(log.line(log.first - 1)).toBe("");
    expect(log.full).toBe(true);
  });

  test("lines are limited, too, and a line longer than a block stays whole", () => {
    const log = new LogBuffer({ bytes: roomy.bytes, lines: 10_000 });
    for (let n = 0; n < 400; n++) log.add(encode("a\n".repeat(1000)));
    expect(log.end - log.first).toBeLessThanOrEqual(10_000 + 131_072);
    const long = "y".repeat(400_000);
    log.add(encode(`${long}\nz\n`));
    expect(log.line(log.end - 2)).toBe(long);
    expect(log.line(log.end - 1)).toBe("z");
  });

  test("a line without an end is cut, so that memory has one", () => {
    const log = new LogBuffer(roomy);
    for (let n = 0; n < 40; n++) log.add(encode("z".repeat(60_000)));
    expect(log.end).toBeGreaterThan(0);
    expect(log.line(0).length).toBeLessThan(1_200_000);
  });

  test("chunks hold every line once", () => {
    const log = new LogBuffer(roomy);
    for (let n = 0; n < 20_000; n++) log.add(encode(`line ${n} ${"·".repeat(n % 40)}\n`));
    const seen: string[] = [];
    for (let from = 7; from < log.end; ) {
      const chunk = log.chunk(from);
      expect(chunk?.first).toBe(from);
      const texts = new TextDecoder().decode(chunk?.bytes).split("\n").slice(0, -1);
      expect(texts).toHaveLength(chunk?.count ?? -1);
      seen.push(...texts);
      from += texts.length;
    }
    expect(seen).toHaveLength(19_993);
    expect(seen.at(-1)).toBe(log.line(19_999));
    expect(log.chunk(20_000)).toBeNull();
  });
});
