import { AdapterError } from "#lib/errors.ts";
import type { CallOptions, LogChunk } from "../ports.ts";
import type { Call } from "./client.ts";

/**
 * The log from a byte offset that this server named before (0 at first).
 * @param buildPath path of the build, without a slash at the end
 * @throws {AdapterError} `broken`, not retryable, when the log is now shorter than `offset`: it is another log.
 */
export async function readLog(
  call: Call,
  buildPath: string,
  offset: number,
  options: CallOptions,
): Promise<LogChunk> {
  // Not the client's `build.log`: it posts a form, this address is read with GET.
  const path = `${buildPath}/logText/progressiveText`;
  const answer = await call(`log ${buildPath}`, options, (jenkins) =>
    jenkins._get({ path, query: { start: offset } }),
  );
  const size = Number(answer.headers["x-text-size"] ?? Number.NaN);
  if (!Number.isInteger(size)) {
    throw new AdapterError("broken", `log ${buildPath}: the answer has no X-Text-Size`, {
      status: answer.statusCode,
    });
  }
  // Asked beyond the end, Jenkins starts over from 0: appending that would show the log twice.
  if (size < offset) {
    throw new AdapterError("broken", `log ${buildPath}: ends at ${size}, before the offset ${offset}`, {
      retryable: false,
      status: answer.statusCode,
      details: { size, offset },
    });
  }
  return {
    text: typeof answer.body === "string" ? answer.body : "",
    nextOffset: size,
    complete: answer.headers["x-more-data"] !== "true",
  };
}
