import { createHash } from "node:crypto";
import { appendFileSync, existsSync } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";

const NOTE_START = "\u001b[8mha:";
const NOTE_END = "\u001b[0m";
/** A line longer than this is written before it ends. */
const LONGEST_LINE = 64 * 1024;

/**
 * A console note: Jenkins hides signed markup of 256 characters in its logs. It counts in every offset and is
 * not shown in any text, so offsets cannot be computed from the text.
 */
function consoleNote(text: string): string {
  let filler = "";
  while (filler.length < 256)
    filler += createHash("sha256")
      .update(filler + text)
      .digest("base64")
      .slice(0, 42);
  return `${NOTE_START}${filler.slice(0, 256)}${NOTE_END}`;
}

/** Takes the hidden notes out of a piece of a raw log. */
function withoutNotes(raw: Buffer): Buffer {
  let text = raw.toString("latin1");
  for (let start = text.indexOf(NOTE_START); start !== -1; start = text.indexOf(NOTE_START, start)) {
    const end = text.indexOf(NOTE_END, start + NOTE_START.length);
    if (end === -1) break;
    text = text.slice(0, start) + text.slice(end + NOTE_END.length);
  }
  return Buffer.from(text, "latin1");
}

/** Writes one build's log. Secret values become `****`, whatever the pieces in which they arrive. */
export class BuildLog {
  readonly #file: string;
  #secrets: string[] = [];
  #silent = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** Values that must not be seen; of a text with several lines, every line. */
  hide(values: string[]): void {
    const lines = values.flatMap((value) => value.split(/\r?\n/)).filter((line) => line.trim() !== "");
    // Bytes are kept as latin1 so that a character cut in two survives; the longest secret goes first.
    this.#secrets = [
      ...new Set([...this.#secrets, ...lines.map((line) => Buffer.from(line).toString("latin1"))]),
    ];
    this.#secrets.sort((a, b) => b.length - a.length);
  }

  /** Nothing is written from now on: the server goes down. */
  silence(): void {
    this.#silent = true;
  }

  line(text: string): void {
    this.#write(Buffer.from(`${text}\n`).toString("latin1"));
  }

  /** `Started by user <name>`, the name being a hidden link. */
  startedBy(user: string): void {
    this.line(`Started by user ${consoleNote(user)}${user}`);
  }

  /** What Pipeline itself has to say: `[Pipeline] <text>`, the mark being a hidden note as well. */
  pipeline(text: string): void {
    this.line(`${consoleNote(text)}[Pipeline] ${text}`);
  }

  /** A sink for one output stream of a command: whole lines are written as they come, the rest at the end. */
  sink(): { write(chunk: Buffer): void; end(): void } {
    let rest = "";
    return {
      write: (chunk) => {
        rest += chunk.toString("latin1");
        const cut = rest.lastIndexOf("\n") + 1;
        this.#write(rest.slice(0, cut));
        rest = rest.slice(cut);
        if (rest.length > LONGEST_LINE) {
          // A secret may straddle the cut: what could be its beginning stays back.
          const keep = this.#secrets[0]?.length ?? 0;
          const masked = this.#mask(rest);
          this.#append(masked.slice(0, masked.length - keep));
          rest = keep === 0 ? "" : masked.slice(masked.length - keep);
        }
      },
      end: () => {
        if (rest !== "") this.#write(`${rest}\n`);
        rest = "";
      },
    };
  }

  #mask(text: string): string {
    return this.#secrets.reduce((masked, secret) => masked.replaceAll(secret, "****"), text);
  }

  #write(text: string): void {
    if (text !== "") this.#append(this.#mask(text));
  }

  #append(text: string): void {
    if (this.#silent) return;
    try {
      appendFileSync(this.#file, text, "latin1");
    } catch (error) {
      // The build was deleted while it ran.
      if (existsSync(dirname(this.#file))) throw error;
    }
  }
}

/** A piece of a log as `progressiveText` answers it; `size` is the next offset in raw bytes. */
export interface LogPiece {
  text: string;
  size: number;
}

/**
 * Reads a log from a raw byte offset. Beyond its end it starts again at 0; while the build runs an unfinished
 * line is held back; lines end with CRLF; a cut character becomes U+FFFD.
 */
export async function readLog(file: string, start: number, running: boolean): Promise<LogPiece> {
  const { size } = await stat(file);
  const from = start > size ? 0 : start;
  const raw = await readFrom(file, from, size);
  const end = running ? raw.lastIndexOf(0x0a) + 1 : raw.length;
  const text = withoutNotes(raw.subarray(0, end)).toString("utf8");
  return { text: text.replace(/\r?\n/g, "\r\n"), size: from + end };
}

/** The bytes of a file between two offsets. */
export async function readFrom(path: string, from: number, to: number): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const buffer = Buffer.alloc(to - from);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The whole log with LF, as `consoleText` answers it. */
export async function readConsole(file: string): Promise<string> {
  return withoutNotes(await readFile(file)).toString("utf8");
}
