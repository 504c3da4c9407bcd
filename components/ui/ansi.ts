export const ANSI_COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;
export type AnsiColour = (typeof ANSI_COLOURS)[number];
/** A stretch of a log line in one look. `text` holds no escape sequences and is rendered as text, never as HTML. */
export type AnsiSpan = { text: string; colour?: AnsiColour; bold?: true; dim?: true };

type Look = { colour?: AnsiColour; bold?: true; dim?: true; hidden?: true };

const ESCAPE = "\u001b";
const BELL = "\u0007";

/** The look after the codes of one `ESC [ … m`. 256 and true colours are read over and left out. */
function applyCodes(look: Look, parameters: string): Look {
  const codes = parameters.split(/[;:]/).map((code) => (code === "" ? 0 : Number(code)));
  let next: Look = { ...look };
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 0) next = {};
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 8) next.hidden = true;
    else if (code === 22) next = { colour: next.colour, hidden: next.hidden };
    else if (code === 28) next.hidden = undefined;
    else if (code === 39) next.colour = undefined;
    else if (code === 38 || code === 48) at += codes[at + 1] === 5 ? 2 : 4;
    else if (code >= 30 && code <= 37) next.colour = ANSI_COLOURS[code - 30];
    else if (code === 90) next = { ...next, colour: undefined, dim: true };
    else if (code > 90 && code <= 97) next.colour = ANSI_COLOURS[code - 90];
  }
  return next;
}

/** Index just behind the escape sequence that starts at `from`, and the parameters where it sets a look. */
function skipSequence(line: string, from: number): { end: number; codes?: string } {
  const opener = line[from + 1];
  if (opener === "[") {
    let end = from + 2;
    while (end < line.length && (line.charCodeAt(end) < 0x40 || line.charCodeAt(end) > 0x7e)) end++;
    const codes = line.slice(from + 2, end);
    return line[end] === "m" && /^[\d;:]*$/.test(codes) ? { end: end + 1, codes } : { end: end + 1 };
  }
  if (opener === "]") {
    for (let end = from + 2; end < line.length; end++) {
      if (line[end] === BELL) return { end: end + 1 };
      if (line[end] === ESCAPE && line[end + 1] === "\\") return { end: end + 2 };
    }
    return { end: line.length };
  }
  return { end: from + 2 };
}

/** Drops what a terminal would not show: overwritten progress (`\r`) and control characters other than tab. */
function visible(text: string): string {
  let clean = "";
  for (const letter of text) {
    const code = letter.charCodeAt(0);
    if (code >= 0x20 ? code !== 0x7f : letter === "\t") clean += letter;
  }
  return clean;
}

/** One log line as spans. Each line starts plain: a colour that is left open does not leak into the next line. */
export function parseAnsi(raw: string): AnsiSpan[] {
  const ended = raw.replace(/\r+$/, "");
  const line = ended.slice(ended.lastIndexOf("\r") + 1);
  const spans: AnsiSpan[] = [];
  let look: Look = {};
  for (let at = 0; at < line.length; ) {
    const next = line.indexOf(ESCAPE, at);
    const end = next < 0 ? line.length : next;
    const text = visible(line.slice(at, end));
    if (text !== "" && look.hidden !== true) {
      const { colour, bold, dim } = look;
      spans.push({ text, ...(colour && { colour }), ...(bold && { bold }), ...(dim && { dim }) });
    }
    if (next < 0) break;
    const sequence = skipSequence(line, next);
    if (sequence.codes !== undefined) look = applyCodes(look, sequence.codes);
    at = sequence.end;
  }
  return spans;
}

/** The line without any look, as it is searched. */
export function plainText(raw: string): string {
  return parseAnsi(raw)
    .map((span) => span.text)
    .join("");
}
