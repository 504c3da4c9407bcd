import { AdapterError, type AdapterFailure } from "#lib/errors.ts";

const FAILURES: Readonly<Record<number, AdapterFailure>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "missing",
  408: "unreachable",
  409: "conflict",
  429: "throttled",
};

/** The error for an answer that is not a success. Its body is not quoted: some servers put paths into it. */
export function failureOf(status: number, what: string): AdapterError {
  const failure = FAILURES[status] ?? (status >= 500 ? "broken" : "invalid");
  return new AdapterError(failure, `${what} answered ${status}`, { status });
}

/** The error for a call that got no answer: refused, timed out, or given up by the caller. */
export function noAnswer(error: unknown, what: string): AdapterError {
  if (error instanceof AdapterError) return error;
  // What was refused when the connection was made.
  if (error instanceof Error && error.cause instanceof AdapterError) return error.cause;
  const timedOut = error instanceof Error && error.name === "TimeoutError";
  const reason = timedOut ? "did not answer in time" : "cannot be reached";
  return new AdapterError("unreachable", `${what} ${reason}`, { cause: error });
}

/** The error for an answer that no registry gives; trying again would not mend it. */
export function unreadable(what: string, cause?: unknown): AdapterError {
  return new AdapterError("broken", what, { retryable: false, cause });
}

/** The whole body, refused as soon as it grows beyond `maxBytes`. */
export async function readBytes(response: Response, maxBytes: number, what: string): Promise<Buffer> {
  if (!response.body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw unreadable(`${what} sent more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export async function readText(response: Response, maxBytes: number, what: string): Promise<string> {
  return (await readBytes(response, maxBytes, what)).toString("utf8");
}
