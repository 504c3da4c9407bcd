import { z } from "zod";
import { AdapterError, type AdapterFailure } from "#lib/errors.ts";

const headersSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]).optional());
const rejectionSchema = z.object({
  message: z.string(),
  notFound: z.boolean().optional(),
  isTimeout: z.boolean().optional(),
  isAbort: z.boolean().optional(),
  isCodec: z.boolean().optional(),
  code: z.string().optional(),
  res: z.object({ statusCode: z.number(), headers: headersSchema }).optional(),
});

/** Status and headers of the answer behind a rejection of the client; null where there was no answer. */
export function answerOf(error: unknown): { statusCode: number; headers: Record<string, string> } | null {
  const parsed = rejectionSchema.safeParse(error);
  if (!parsed.success) return null;
  const { res, notFound } = parsed.data;
  // The client throws the answer of a 404 away and leaves this mark.
  if (res === undefined) return notFound === true ? { statusCode: 404, headers: {} } : null;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(res.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return { statusCode: res.statusCode, headers };
}

const FAILURE_OF_STATUS: Record<number, AdapterFailure> = {
  401: "unauthorized",
  403: "forbidden",
  404: "missing",
  409: "conflict",
  // Jenkins answers 422 when the credential may not cancel an item, so as not to tell that it exists.
  422: "forbidden",
  429: "throttled",
};

function failureOf(status: number): AdapterFailure {
  const known = FAILURE_OF_STATUS[status];
  if (known) return known;
  return status >= 400 && status < 500 ? "invalid" : "broken";
}

/**
 * Turns whatever the client rejected with into an `AdapterError`.
 * @param what the call in words, for the message ("trigger refract-build")
 */
export function toAdapterError(what: string, error: unknown): AdapterError {
  if (error instanceof AdapterError) return error;
  const answer = answerOf(error);
  if (answer) {
    const { statusCode: status, headers } = answer;
    const permission = headers["x-required-permission"];
    const rest = permission
      ? ` (the credential lacks ${permission})`
      : status === 503
        ? " (Jenkins is starting)"
        : "";
    return new AdapterError(failureOf(status), `${what}: Jenkins answered ${status}${rest}`, {
      status,
      details: permission ? { permission } : undefined,
      // No cause: the client's error holds the request, and with it the credential.
    });
  }
  const parsed = rejectionSchema.safeParse(error);
  const message = parsed.success ? parsed.data.message : String(error);
  if (parsed.success && parsed.data.isCodec) {
    return new AdapterError("broken", `${what}: the answer is not what Jenkins sends: ${message}`, {
      cause: error,
    });
  }
  if (error instanceof z.ZodError) {
    return new AdapterError("broken", `${what}: unexpected answer: ${z.prettifyError(error)}`, {
      retryable: false,
      cause: error,
    });
  }
  return new AdapterError("unreachable", `${what}: ${message}`, { cause: error });
}
