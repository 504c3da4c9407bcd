import { createHash } from "node:crypto";
import { expect } from "vitest";
import { failureOf } from "../failure-of.ts";
import { type ConformanceCase, each, type Kind, type Theme } from "./case.ts";
import type { Reply, World } from "./world.ts";

const SPEAKING =
  "for i in 1 2 3; do echo \"第 $i 步:正在编译支付组件\"; sleep 0.2; done; printf '\\033[31m红色错误\\033[0m\\n'; " +
  "printf '没有换行'; sleep 1; printf '\\344\\270'; sleep 0.5; printf '\\255换行了\\n'; echo '<b>&amp;</b>'; echo done";

const sha = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const bytesOf = async (stream: ReadableStream<Uint8Array> | null): Promise<Buffer> =>
  Buffer.from(await new Response(stream).arrayBuffer());
const withLf = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1");

/** Follows a log from 0 to its end, as the portal does. */
async function follow(world: World, job: Kind, number: number) {
  const pieces: Buffer[] = [];
  const offsets = [0];
  for (let complete = false; !complete; ) {
    const { body, nextOffset, complete: last } = await world.server(job).openLog(number, offsets.at(-1) ?? 0);
    pieces.push(await bytesOf(body));
    offsets.push(nextOffset);
    complete = last;
    if (!complete) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { pieces, offsets, whole: Buffer.concat(pieces) };
}

const progressive = (world: World, job: Kind, number: number, start: number | string): Promise<Reply> =>
  world.raw("GET", `${world.jobPath(job)}/${number}/logText/progressiveText?start=${start}`);

async function finished(world: World, job: Kind, command: string) {
  const { number } = await world.begin(job, command);
  await world.ended(job, number);
  const whole = await progressive(world, job, number, 0);
  return { number, whole, size: Number(whole.headers.get("x-text-size")) };
}

const FOLLOWED = { freestyle: ["41"], pipeline: ["51"] };
const ODD = { freestyle: ["42"], pipeline: ["52"] };
const CONSOLE = { freestyle: ["43"], pipeline: ["53"] };

const cases: ConformanceCase[] = [
  ...each(
    FOLLOWED,
    "a log followed by the server's offsets is the whole log, in whole lines and characters",
    async (world, job) => {
      const { number } = await world.begin(job, SPEAKING);
      const { pieces, offsets, whole } = await follow(world, job, number);
      for (const piece of pieces) expect(piece.length === 0 || piece.at(-1) === 0x0a).toBe(true);
      const text = whole.toString("utf8");
      expect(text).not.toContain("\uFFFD");
      expect(text).toContain("第 3 步:正在编译支付组件\r\n");
      expect(text).toContain("\r\n没有换行中换行了\r\n");
      expect(text).toMatch(/Finished: SUCCESS\r\n$/);
      expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
      expect(whole.equals((await progressive(world, job, number, 0)).bytes)).toBe(true);
    },
  ),
  ...each(
    FOLLOWED,
    "offsets are not lengths: hidden notes count, and lines end with CRLF",
    async (world, job) => {
      const { whole, size } = await finished(world, job, "echo done");
      expect(whole.text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
      // A note before the name of who started it; a Pipeline has one on each line of its own.
      expect(size).toBeGreaterThan(Buffer.byteLength(whole.text) * (job === "pipeline" ? 2 : 1));
      expect(whole.text).not.toContain("\u001b[8mha:");
      expect(whole.headers.has("x-jenkins")).toBe(false);
    },
  ),
  ...each(ODD, "at its end a log is empty and complete", async (world, job) => {
    const { number, size } = await finished(world, job, "echo done");
    const { body, nextOffset, complete } = await world.server(job).openLog(number, size);
    expect({ nextOffset, complete }).toEqual({ nextOffset: size, complete: true });
    expect((await bytesOf(body)).length).toBe(0);
  }),
  ...each(ODD, "beyond its end it would begin anew, and is refused instead", async (world, job) => {
    const { number, size, whole } = await finished(world, job, "echo done");
    expect((await progressive(world, job, number, size + 5000)).text).toBe(whole.text);
    const error = await failureOf(world.server(job).openLog(number, size + 5000));
    expect(error).toMatchObject({
      failure: "broken",
      retryable: false,
      details: { size, offset: size + 5000 },
    });
  }),
  ...each(ODD, "an offset that is none is an error of the server", async (world, job) => {
    const { number } = await finished(world, job, "echo done");
    for (const start of ["-1", "abc"])
      expect((await progressive(world, job, number, start)).status).toBe(500);
  }),
  {
    rows: ["42"],
    title: "an offset inside of a character begins with a replacement, so offsets are never made up",
    async run(world) {
      const { number, size } = await finished(world, "freestyle", "echo 中中中中");
      const seen = { cut: false, whole: false };
      for (let start = size - 1; start > 0 && !(seen.cut && seen.whole); start--) {
        const { text } = await progressive(world, "freestyle", number, start);
        seen.cut ||= text.startsWith("\uFFFD");
        seen.whole ||= text.startsWith("中");
      }
      expect(seen).toEqual({ cut: true, whole: true });
    },
  },
  ...each(CONSOLE, "the console is the same log with LF, byte by byte", async (world, job) => {
    const { number, whole } = await finished(world, job, SPEAKING);
    const console = await bytesOf(await world.server(job).openConsole(number));
    expect(console.includes(0x0d)).toBe(false);
    expect(sha(console)).toBe(sha(withLf(whole.bytes)));
    expect(console.includes("\n\u001b[31m红色错误\u001b[0m\n")).toBe(true);
    expect(console.includes("<b>&amp;</b>\n")).toBe(true);
  }),
  ...each(
    { freestyle: ["41", "43"], pipeline: ["51", "53"] },
    "a log of megabytes arrives whole",
    async (world, job) => {
      const line = "编译 0123456789 javascript:alert(1) ".repeat(12);
      const { number } = await world.begin(
        job,
        `i=0; while [ $i -lt 4000 ]; do echo "$i ${line}"; i=$((i+1)); done`,
      );
      const { whole } = await follow(world, job, number);
      expect(whole.length).toBeGreaterThan(1_500_000);
      const console = await bytesOf(await world.server(job).openConsole(number));
      expect(sha(withLf(whole))).toBe(sha(console));
    },
  ),
];

export const logs: Theme = { name: "the log: followed, asked at odd offsets, and as a whole", cases };
