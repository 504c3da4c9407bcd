/** A hit of the search: line index and character range in its plain text. */
export type LogHit = { line: number; from: number; to: number };

/** Every hit of `query` in the lines, without regard to case, at most `limit`. */
export function findHits(lines: readonly string[], query: string, limit = 5000): LogHit[] {
  const needle = query.toLowerCase();
  if (needle === "") return [];
  const hits: LogHit[] = [];
  for (let line = 0; line < lines.length; line++) {
    const hay = (lines[line] ?? "").toLowerCase();
    for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + needle.length)) {
      hits.push({ line, from: at, to: at + needle.length });
      if (hits.length >= limit) return hits;
    }
  }
  return hits;
}

const ERROR = /\b(error|fatal|exception|panic|failed|failure)\b[:\]!\s]|^\s*\S*(Error|Exception):/i;
/** A shell that repeats a command before it runs it (`set -x`): nothing went wrong yet. */
const TRACE = /^\s*\++ /;
const HARMLESS = /\b(0|no) (errors?|failures?|failed)\b|\b(errors?|failures?|failed): 0\b/i;

/** Whether a shell merely repeats a command in this line. */
export const isTrace = (line: string): boolean => TRACE.test(line);

/** Whether a plain line looks like an error; counts of zero ("Failures: 0") and repeated commands do not. */
export function looksLikeError(line: string): boolean {
  return ERROR.test(`${line} `) && !HARMLESS.test(line) && !isTrace(line);
}
