import { z } from "zod";

/** One reason for a refusal: a stable code, a text for logs, facts for the translated text, and who can lift it. */
export const blockerSchema = z.object({
  code: z.string(),
  message: z.string(),
  /** Values the translated text of `code` needs, e.g. `{ environment: "PROD" }`. Never a secret. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  /** Role names, user names or `system` (it lifts by itself). */
  liftedBy: z.array(z.string()).default([]),
});
export type Blocker = z.infer<typeof blockerSchema>;

/** Expected failures by code and the HTTP status each maps to; the only such map (RFC 9457 problem types). */
export const ERROR_STATUS = {
  INVALID_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  CROSS_ORIGIN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  VERSION_CONFLICT: 409,
  INVALID_STATE: 409,
  BLOCKED: 409,
  PLAN_STALE: 409,
  TARGET_BUSY: 409,
  IDEMPOTENCY_CONFLICT: 409,
  REQUEST_RUNNING: 409,
  REQUEST_DONE: 409,
  THROTTLED: 429,
  UPSTREAM_FAILED: 502,
  UPSTREAM_UNREACHABLE: 503,
} as const;
export type ErrorCode = keyof typeof ERROR_STATUS;

/** An expected failure. Anything else that is thrown is a bug: logged, answered with 500. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly blockers: Blocker[];
  readonly facts: Record<string, unknown>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { blockers?: Blocker[]; facts?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.blockers = options.blockers ?? [];
    this.facts = options.facts ?? {};
  }
}

/**
 * Why a call to another system failed, in our words:
 * `unreachable` no answer (refused, timeout, DNS); `unauthorized` bad credential (401); `forbidden` right missing (403);
 * `missing` 404; `conflict` 409; `invalid` other 4xx; `throttled` 429; `broken` 5xx or an answer that cannot be parsed.
 */
export const ADAPTER_FAILURES = [
  "unreachable",
  "unauthorized",
  "forbidden",
  "missing",
  "conflict",
  "invalid",
  "throttled",
  "broken",
] as const;
export type AdapterFailure = (typeof ADAPTER_FAILURES)[number];

/** Thrown by every adapter. `retryable` says whether the same call may be tried again without a person. */
export class AdapterError extends Error {
  readonly failure: AdapterFailure;
  readonly retryable: boolean;
  /** HTTP status where there was an answer. */
  readonly status: number | undefined;
  /** Machine-readable rest, e.g. the field conflicts of a 409. Never a credential. */
  readonly details: unknown;

  constructor(
    failure: AdapterFailure,
    message: string,
    options: { retryable?: boolean; status?: number; details?: unknown; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "AdapterError";
    this.failure = failure;
    this.retryable =
      options.retryable ?? (failure === "unreachable" || failure === "throttled" || failure === "broken");
    this.status = options.status;
    this.details = options.details;
  }
}
