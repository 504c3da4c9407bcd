/** Shorter values would blank out ordinary words. */
const SHORTEST = 4;
const MASK = Buffer.from("****");
const NOTHING = Buffer.alloc(0);

/**
 * What is searched for, in the bytes that a log has for it: each secret, and each line of one that has several, without
 * the space around it. Longest first.
 */
export function secretWords(secrets: readonly string[]): Buffer[] {
  const lines = secrets.map((secret) => secret.replaceAll("\r\n", "\n").trim());
  const words = lines.flatMap((secret) => [secret, ...secret.split("\n").map((line) => line.trim())]);
  return [...new Set(words)]
    .filter((word) => word.length >= SHORTEST)
    .map((word) => Buffer.from(word))
    .sort((a, b) => b.length - a.length);
}

/**
 * Replaces every secret in a stream of bytes by `****`: the leftmost first, and of those that begin together the longest.
 * What may be the beginning of a secret is held back until more is known.
 */
export class SecretMask {
  /** Something was replaced. */
  masked = false;
  readonly #words: readonly Buffer[];
  #held: Buffer = NOTHING;

  /** @param words of `secretWords` */
  constructor(words: readonly Buffer[]) {
    this.#words = words;
  }

  /** Bytes that wait for those that follow. */
  get held(): number {
    return this.#held.length;
  }

  /** Takes the next bytes and gives what is certain. */
  push(piece: Buffer): Buffer {
    if (this.#words.length === 0) return piece;
    return this.#replace(this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]), false);
  }

  /** Nothing follows: what was held back. */
  end(): Buffer {
    return this.#replace(this.#held, true);
  }

  #replace(bytes: Buffer, last: boolean): Buffer {
    const parts: Buffer[] = [];
    // Where each word is next; looked up again only when the place has been passed.
    const next = this.#words.map((word) => bytes.indexOf(word));
    // A secret that begins where a longer one may begin, too, waits with it.
    const limit = last ? bytes.length : this.#openFrom(bytes);
    let at = 0;
    for (;;) {
      let found = -1;
      for (const [index, word] of this.#words.entries()) {
        const place = next[index] ?? -1;
        if (place >= 0 && place < at) next[index] = bytes.indexOf(word, at);
        const now = next[index] ?? -1;
        if (now >= 0 && (found < 0 || now < (next[found] ?? 0))) found = index;
      }
      const [place, word] = [next[found], this.#words[found]];
      if (place === undefined || word === undefined || place >= limit) break;
      parts.push(bytes.subarray(at, place), MASK);
      at = place + word.length;
      this.masked = true;
    }
    const end = Math.max(at, limit);
    parts.push(bytes.subarray(at, end));
    // A copy: the piece that it came in is not kept alive for it.
    this.#held = end < bytes.length ? Buffer.from(bytes.subarray(end)) : NOTHING;
    return parts.length === 1 ? (parts[0] ?? NOTHING) : Buffer.concat(parts);
  }

  /** The first place from which the rest of the bytes is the beginning of a secret, and not all of it. */
  #openFrom(bytes: Buffer): number {
    let first = bytes.length;
    for (const word of this.#words) {
      for (let from = Math.max(0, bytes.length - word.length + 1); from < first; from += 1) {
        if (bytes[from] === word[0] && bytes.subarray(from).equals(word.subarray(0, bytes.length - from))) {
          first = from;
        }
      }
    }
    return first;
  }
}
