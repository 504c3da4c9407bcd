/** So much of what stands below a subject is shown. */
const MOST = 20_000;

/**
 * What stands below the subject of a commit message, as text that can be shown: without characters that print nothing or
 * turn the direction of what follows.
 */
export function bodyOf(message: string): { body: string; bodyCut: boolean } {
  const [, ...rest] = message
    .replaceAll("\r\n", "\n")
    .trim()
    .split(/\n[^\S\n]*\n/);
  const body = rest
    .join("\n\n")
    .replaceAll(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, "")
    .trim();
  return { body: body.slice(0, MOST).toWellFormed(), bodyCut: body.length > MOST };
}
