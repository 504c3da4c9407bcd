import { z } from "zod";
import { AdapterError, type AdapterFailure } from "#lib/errors.ts";

/** `ImageCopy.cause`: why the last attempt did not get to its end; kept while it is tried again. */
export const copyCauseSchema = z.object({
  code: z.string(),
  message: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});
export type CopyCause = z.infer<typeof copyCauseSchema>;

const CODES: Readonly<Record<AdapterFailure, string>> = {
  missing: "COPY_SOURCE_MISSING",
  unauthorized: "COPY_REFUSED",
  forbidden: "COPY_REFUSED",
  unreachable: "COPY_UNREACHABLE",
  throttled: "COPY_THROTTLED",
  conflict: "COPY_NOT_TAKEN",
  invalid: "COPY_NOT_TAKEN",
  broken: "COPY_BROKEN",
};

/** What an error says of an attempt, and whether another one may come to something. Pure. */
export function causeOf(
  error: unknown,
  names: { from: string; to: string },
): { cause: CopyCause; retryable: boolean } {
  if (!(error instanceof AdapterError)) {
    const message = error instanceof Error ? error.message : String(error);
    return { cause: { code: "COPY_FAILED", message, facts: names }, retryable: true };
  }
  const facts = { ...names, ...(error.status === undefined ? {} : { status: error.status }) };
  return { cause: { code: CODES[error.failure], message: error.message, facts }, retryable: error.retryable };
}

/** After so many attempts a person decides. */
export const COPY_ATTEMPTS = 8;
const FIRST_PAUSE_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 120;
/** Seconds to wait after the n-th attempt (from 1). Pure. */
export const pauseAfter = (attempts: number): number =>
  Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** Math.max(0, attempts - 1));

/** When a copy is tried again; null: it was not tried yet. Pure. */
export const nextAttemptAt = (copy: { attempts: number; endedAt: Date | null }): Date | null =>
  copy.endedAt && new Date(copy.endedAt.getTime() + pauseAfter(copy.attempts) * 1000);
