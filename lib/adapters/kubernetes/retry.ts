import type { IncomingHttpHeaders } from "node:http";
import { isSchemaComplaint } from "./failure.ts";

/** A request is sent at most this many times, the first included. */
export const MAX_TRIES = 4;

/** Waits grow from the first to the longest (milliseconds); each is drawn between half of it and all of it. */
const FIRST_WAIT = 200;
const LONGEST_WAIT = 2_000;

/** Connections that failed on the way: another try may find a way, unlike after a refused certificate. */
const PASSING = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
]);

/** How one try ended. */
export type Tried =
  | { status: number; headers: IncomingHttpHeaders; body: string }
  /** No answer, or half of one. */
  | { error: unknown };

/**
 * Milliseconds to wait before the same request is sent again; null when it is not.
 * 429 refuses before anything is done, so every request may come again; after a 5xx or a lost connection nobody knows
 * what was done, so only a request that may be carried out twice comes again.
 * @param tries how often it was sent so far
 * @param repeatable whether it may be carried out twice without harm
 */
export function waitBeforeNext(
  tried: Tried,
  input: { tries: number; repeatable: boolean; now?: number; random?: () => number },
): number | null {
  const { tries, repeatable, now = Date.now(), random = Math.random } = input;
  if (tries >= MAX_TRIES) return null;
  const grown = Math.min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT);
  const wait = grown * (0.5 + random() / 2);
  if ("error" in tried) {
    const code = lostCode(tried.error);
    const again = PASSING.has(code) && (repeatable || code === "ECONNREFUSED");
    return again ? wait : null;
  }
  const { status, headers, body } = tried;
  const asked = retryAfter(headers["retry-after"], now);
  // Whoever asks for a time gets it in full: the jitter only adds.
  const obeyed = asked === null ? wait : asked + wait - grown / 2;
  if (status === 429) return obeyed;
  const passing = status === 502 || status === 503 || status === 504;
  const fault = status === 500 && !isSchemaComplaint(body);
  return repeatable && (passing || fault) ? obeyed : null;
}

/** Milliseconds that a Retry-After header (seconds, or a date) asks for; null without one that can be read. */
function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** Whether the server may have carried the request out although this try brought no success. */
export function mayHaveHappened(tried: Tried): boolean {
  return "error" in tried ? lostCode(tried.error) !== "ECONNREFUSED" : tried.status >= 500;
}

/** Code of the connection's failure, here or in its causes; "" without one. */
function lostCode(error: unknown): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return "";
}
