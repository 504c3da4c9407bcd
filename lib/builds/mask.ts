/** Shorter values would blank out ordinary words. */
const SHORTEST = 4;
const MASK = "****";

/** What is searched for: each secret, and each line of one that has several. Longest first. */
export function secretWords(secrets: readonly string[]): string[] {
  const words = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/), secret.trim()]);
  return [...new Set(words)].filter((word) => word.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

/** Replaces every secret by `****`. */
export function maskSecrets(text: string, words: readonly string[]): string {
  return words.reduce((masked, word) => masked.replaceAll(word, MASK), text);
}

/** Whether the text ends in what may be the beginning of a secret, or of a character: the rest has yet to come. */
export function endsInside(text: string, words: readonly string[]): boolean {
  if (text.endsWith("\uFFFD")) return true;
  return words.some((word) => {
    for (let length = Math.min(word.length - 1, text.length); length > 0; length -= 1) {
      if (text.endsWith(word.slice(0, length))) return true;
    }
    return false;
  });
}
