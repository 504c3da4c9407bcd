/** Bytes `from` up to, and without, `to`. */
type ByteRange = { from: number; to: number };

const ONE_RANGE = /^bytes=(\d*)-(\d*)$/;

/**
 * The part of `total` bytes that a `Range` header asks for. Null for the whole: there is no such header, or it asks for
 * what need not be given (another unit, several parts).
 * @returns "outside" when there are no such bytes
 */
export function rangeOf(header: string | null, total: number): ByteRange | "outside" | null {
  const [, first = "", last = ""] = ONE_RANGE.exec(header?.replaceAll(" ", "") ?? "") ?? [];
  if (first === "" && last === "") return null;
  if (first === "") {
    const from = Math.max(0, total - Number(last));
    return from < total ? { from, to: total } : "outside";
  }
  const from = Number(first);
  const to = last === "" ? total : Math.min(total, Number(last) + 1);
  // The last byte before the first makes the header invalid: as if it was not there.
  if (last !== "" && Number(last) < from) return null;
  return from < total ? { from, to } : "outside";
}
