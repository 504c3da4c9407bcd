/** Where a stream stands: the last sequence seen, topic by topic. It is the SSE `id`, so a reconnect resumes without gaps. */
export type Cursor = Map<string, number>;

/** `release:20261120-quotes-001@12~project:quotes@40`; topics never hold `~` or `@`. */
export const formatCursor = (cursor: Cursor): string =>
  [...cursor].map(([topic, seq]) => `${topic}@${seq}`).join("~");

/** Topics that were not asked for, and malformed parts, are left out. */
export function parseCursor(text: string | null, topics: readonly string[]): Cursor {
  const cursor: Cursor = new Map();
  for (const part of (text ?? "").split("~")) {
    const match = /^(.+)@(\d{1,9})$/.exec(part);
    if (match?.[1] && topics.includes(match[1])) cursor.set(match[1], Number(match[2]));
  }
  return cursor;
}
