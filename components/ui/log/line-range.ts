/** Lines of a log from `from` to `to`, both of them in it; lines count from 1. */
export type LineRange = { from: number; to: number };

const HASH = /^#L([1-9]\d{0,8})(?:-L?([1-9]\d{0,8}))?$/;

/** The lines that the end of an address names: `#L12`, `#L12-20`; null when it names none. */
export function rangeOfHash(hash: string): LineRange | null {
  const [, first, last = first] = HASH.exec(hash) ?? [];
  if (first === undefined || last === undefined) return null;
  const [a, b] = [Number(first), Number(last)];
  return { from: Math.min(a, b), to: Math.max(a, b) };
}

export const hashOfRange = ({ from, to }: LineRange): string =>
  from === to ? `#L${from}` : `#L${from}-${to}`;

/** What is picked when a line is pressed: that line, or with the shift key all from the one picked before. */
export function rangeTo(old: LineRange | null, line: number, extend: boolean): LineRange {
  if (!extend || old === null) return { from: line, to: line };
  return line < old.from ? { from: line, to: old.to } : { from: old.from, to: line };
}
