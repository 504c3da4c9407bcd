import { plainText } from "#components/ui/log/ansi.ts";
import { isTrace, looksLikeError } from "#components/ui/log-search.ts";
import { saysNothingNew } from "#lib/builds/log-noise.ts";

/** Something in a log to go to. Lines count from 1. */
export type LogMark = { line: number; kind: "stage" | "bad" | "wait" | "telling"; text: string };
/** `times`: so many lines say the same. */
export type Finding = LogMark & { kind: "bad" | "wait"; times: number };
/** What a worker looks for: the line that was taken for the cause of a failure, where there is one. */
export type MarksTask = { telling: string | null };

/** `[Pipeline] { (Build)` begins a stage of a pipeline; `[Refract] stage: Build` is the mark of our own job. */
const STAGE = /^(?:\[[^\]]*\]\s*)?(?:\[Refract\] stage: (.+)|\[Pipeline\] \{ \((.+)\))$/;
const WARNING = /\bwarn(?:ing)?\b/i;
/** Of each kind, in one piece of the log: a log that is all warnings must not fill the page's memory. */
const MOST_OF_PIECE = 200;
const MOST_FINDINGS = 60;
/** `[INFO]`, times and the like in front of what a line says. */
const PREFIX = /^(?:\[[^\]]*\]|[\d:.TZ+-]{8,}|#\d+)\s*/;

function short(line: string): string {
  let text = line.trim();
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(PREFIX, "");
  }
  return (text.replace(/^(?:error|warn(?:ing)?)[:\s]+/i, "") || line.trim()).slice(0, 200);
}

function markOf(plain: string, telling: string | null): Omit<LogMark, "line"> | null {
  const line = plain.trim();
  const stage = STAGE.exec(line);
  if (stage) return { kind: "stage", text: (stage[1] ?? stage[2] ?? "").trim() };
  if (telling !== null && line.slice(0, 300) === telling) return { kind: "telling", text: short(line) };
  if (saysNothingNew(line)) return null;
  if (looksLikeError(plain)) return { kind: "bad", text: short(plain) };
  return WARNING.test(plain) && !isTrace(plain) ? { kind: "wait", text: short(plain) } : null;
}

/** Marks among whole lines of a log, the first of which is line `first` (from 1). */
export function marksIn(bytes: Uint8Array, first: number, { telling }: MarksTask): LogMark[] {
  const counts = { stage: 0, bad: 0, wait: 0, telling: 0 };
  const marks: LogMark[] = [];
  // Behind the last line end there is nothing.
  for (const [index, raw] of new TextDecoder().decode(bytes).split("\n").slice(0, -1).entries()) {
    const mark = markOf(plainText(raw), telling);
    if (mark === null || counts[mark.kind] >= MOST_OF_PIECE) continue;
    counts[mark.kind] += 1;
    marks.push({ line: first + index, ...mark });
  }
  return marks;
}

/** What differs between lines that say the same: numbers, times, digests. */
const sayingOf = (text: string) => text.replace(/\b[0-9a-f]{7,}\b|\d+(?:[.,:]\d+)*/gi, "#");

/**
 * Lines that look like errors or warnings, in order; what is said again and again once, with how often, and errors before
 * warnings where there are many.
 */
export function findingsOf(marks: readonly LogMark[]): Finding[] {
  const seen = new Map<string, Finding>();
  const bad: Finding[] = [];
  const wait: Finding[] = [];
  for (const mark of marks) {
    if (mark.kind === "stage") continue;
    const kind = mark.kind === "wait" ? "wait" : "bad";
    const saying = `${kind} ${sayingOf(mark.text)}`;
    const known = seen.get(saying);
    if (known) {
      known.times += 1;
      continue;
    }
    const finding: Finding = { ...mark, kind, times: 1 };
    seen.set(saying, finding);
    (kind === "bad" ? bad : wait).push(finding);
  }
  const errors = bad.slice(0, MOST_FINDINGS);
  return [...errors, ...wait.slice(0, MOST_FINDINGS - errors.length)].sort((a, b) => a.line - b.line);
}

/** The line to go to first: what was taken for the cause, else the first that looks like an error; null for none. */
export function firstErrorOf(marks: readonly LogMark[]): number | null {
  const telling = marks.findLast((mark) => mark.kind === "telling");
  return (telling ?? marks.find((mark) => mark.kind === "bad"))?.line ?? null;
}
