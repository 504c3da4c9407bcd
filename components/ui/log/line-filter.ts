import { plainText } from "./ansi.ts";
import { splitStamp } from "./line-text.ts";

export type LogPattern = { text: string; regex: boolean };
/** Where a line matches first: character range in its plain text. */
export type LineMatch = { from: number; to: number };
type Matcher = (plain: string) => LineMatch | null;

/** @throws SyntaxError for what is no regular expression */
export function matcherOf({ text, regex }: LogPattern): Matcher {
  if (!regex) {
    const needle = text.toLowerCase();
    return (plain) => {
      const from = plain.toLowerCase().indexOf(needle);
      return from < 0 ? null : { from, to: from + needle.length };
    };
  }
  const expression = new RegExp(text, "iu");
  return (plain) => {
    const match = expression.exec(plain);
    return match ? { from: match.index, to: match.index + match[0].length } : null;
  };
}

/** Lines that match among whole lines of a log: index, from, to of each, one after another. */
export function matchesIn(bytes: Uint8Array, matcher: Matcher): Uint32Array<ArrayBuffer> {
  const lines = new TextDecoder().decode(bytes).split("\n");
  const found: number[] = [];
  // Behind the last line end there is nothing.
  for (const [index, line] of lines.slice(0, -1).entries()) {
    const { text } = splitStamp(line);
    const match = matcher(text.includes("\u001b") || text.includes("\r") ? plainText(text) : text);
    if (match) found.push(index, match.from, match.to);
  }
  return Uint32Array.from(found);
}
