const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) /;

/** A line as the cluster gives it with `timestamps`: when its node took it, and what the program wrote. */
export function splitStamp(line: string): { stamp: string | null; text: string } {
  const stamp = STAMPED.exec(line)?.[1] ?? null;
  return { stamp, text: stamp === null ? line : line.slice(stamp.length + 1) };
}
