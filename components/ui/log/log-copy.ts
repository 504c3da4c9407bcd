import { plainText } from "./ansi.ts";
import { splitStamp } from "./line-text.ts";
import type { LogBuffer } from "./log-buffer.ts";

/** A longer text is nothing for a clipboard; the download has it. */
const MOST_BYTES = 8 * 1024 * 1024;

/** The kept lines of a log as plain text; null when that is too long to be copied. */
export function copyOf(log: LogBuffer): string | null {
  if (log.bytes > MOST_BYTES) return null;
  const lines: string[] = [];
  for (let line = log.first; line < log.end; line += 1)
    lines.push(plainText(splitStamp(log.line(line)).text));
  return lines.join("\n");
}
