import { plainText } from "./ansi.ts";
import type { LineRange } from "./line-range.ts";
import { splitStamp } from "./line-text.ts";
import type { LogBuffer } from "./log-buffer.ts";

/** A longer text is nothing for a clipboard; the download has it. */
const LONGEST = 8 * 1024 * 1024;

/** Lines of a log as plain text, all that are kept by default; null when that is too long to be copied. */
export function copyOf(log: LogBuffer, { from, to }: LineRange = { from: 1, to: log.end }): string | null {
  const lines: string[] = [];
  let length = 0;
  for (let line = Math.max(log.first, from - 1); line < Math.min(log.end, to); line += 1) {
    const text = plainText(splitStamp(log.line(line)).text);
    length += text.length;
    if (length > LONGEST) return null;
    lines.push(text);
  }
  return lines.join("\n");
}
