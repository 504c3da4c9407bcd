import { randomInt } from "node:crypto";

/** Letters without vowels or look-alikes, as Kubernetes draws its random names from. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

export function randomName(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

/** A short stable name for a text (FNV-1a, 32 bits), in the same letters: the pod template hash. */
export function hashName(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) {
    hash ^= byte;
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return [...String(hash)].map((digit) => ALPHABET[Number(digit) + 2]).join("");
}
