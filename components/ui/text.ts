/** `sha256:9c41…e7b2` of a full digest; a text without an algorithm is shortened the same way. */
export function shortDigest(value: string): string {
  const colon = value.indexOf(":");
  const hex = value.slice(colon + 1);
  if (hex.length <= 10) return value;
  return `${value.slice(0, colon + 1)}${hex.slice(0, 4)}…${hex.slice(-4)}`;
}

/** First seven characters of a commit. */
export function shortCommit(value: string): string {
  return value.slice(0, 7);
}

/** Cuts the middle out of a text that is longer than `max` characters: both ends of a name tell more than its start. */
export function middle(text: string, max: number): string {
  if (text.length <= max) return text;
  const keep = max - 1;
  const head = Math.ceil(keep / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (keep - head))}`;
}
