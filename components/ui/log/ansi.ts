import { type AnsiLook, applyCodes } from "./ansi-look.ts";
import { safeLink } from "./safe-link.ts";

/**
 * A stretch of a log line in one look. `text` holds no escape sequences and is rendered as text, never as HTML; `href`
 * is an address of the web and of nothing else.
 */
export type AnsiSpan = { text: string; href?: string } & Omit<AnsiLook, "hidden">;

const ESCAPE = "\u001b";
const BELL = "\u0007";
const LINK = /^8;[^;]*;(.*)$/s;

/** Index just behind the escape sequence that starts at `from`; what it sets where it sets a look or a link. */
function readSequence(line: string, from: number): { end: number; codes?: string; link?: string } {
  const opener = line[from + 1];
  if (opener === "[") {
    let end = from + 2;
    while (end < line.length && (line.charCodeAt(end) < 0x40 || line.charCodeAt(end) > 0x7e)) end++;
    const codes = line.slice(from + 2, end);
    return line[end] === "m" && /^[\d;:]*$/.test(codes) ? { end: end + 1, codes } : { end: end + 1 };
  }
  if (opener === "]") {
    for (let at = from + 2; at < line.length; at++) {
      const closed = line[at] === BELL ? at + 1 : line[at] === ESCAPE && line[at + 1] === "\\" ? at + 2 : 0;
      if (closed === 0) continue;
      const link = LINK.exec(line.slice(from + 2, at))?.[1];
      return link === undefined ? { end: closed } : { end: closed, link };
    }
    return { end: line.length };
  }
  return { end: from + 2 };
}

/** Drops what a terminal would not show: control characters other than tab. */
function visible(text: string): string {
  let clean = "";
  for (const letter of text) {
    const code = letter.charCodeAt(0);
    if (code >= 0x20 ? code !== 0x7f : letter === "\t") clean += letter;
  }
  return clean;
}

/** A control character other than tab; most lines have none and need no parsing. */
const CONTROL = /[^\P{Cc}\t]/u;

/**
 * One log line as spans. Each line starts plain: a colour that is left open does not leak into the next line. A carriage
 * return begins the line anew, as a terminal overwrites it; the look stays.
 */
export function parseAnsi(raw: string): AnsiSpan[] {
  if (!CONTROL.test(raw)) return raw === "" ? [] : [{ text: raw }];
  const line = raw.replace(/\r+$/, "");
  let spans: AnsiSpan[] = [];
  let look: AnsiLook = {};
  let href: string | undefined;
  for (let at = 0; at < line.length; ) {
    const next = line.indexOf(ESCAPE, at);
    const end = next < 0 ? line.length : next;
    const part = line.slice(at, end);
    const again = part.lastIndexOf("\r");
    if (again >= 0) spans = [];
    const text = visible(part.slice(again + 1));
    const { hidden, ...shown } = look;
    if (text !== "" && !hidden) spans.push({ text, ...shown, ...(href === undefined ? {} : { href }) });
    if (next < 0) break;
    const sequence = readSequence(line, next);
    if (sequence.codes !== undefined) look = applyCodes(look, sequence.codes);
    if (sequence.link !== undefined) href = safeLink(sequence.link);
    at = sequence.end;
  }
  return spans;
}

/** The line without any look, as it is searched. */
export function plainText(raw: string): string {
  if (!CONTROL.test(raw)) return raw;
  return parseAnsi(raw)
    .map((span) => span.text)
    .join("");
}
