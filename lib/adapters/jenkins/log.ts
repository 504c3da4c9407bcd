import { AdapterError } from "#lib/errors.ts";
import type { CallOptions, LogStream } from "../ports.ts";
import { type Client, orNull } from "./client.ts";

/**
 * The log from a byte offset that this server named before (0 at first), as its bytes.
 *
 * What recordings show of `progressiveText`: lines end with CRLF whatever the build wrote, so a body may be longer
 * than the offset advances; hidden notes count in offsets and are in no body (7919 offset for 1130 bytes of a
 * Pipeline), so an offset is never computed; while the build runs an unfinished line is held back; an offset inside a
 * character begins with U+FFFD, and one beyond the end starts over from 0. `consoleText` is the same log with LF.
 * @param buildPath path of the build, without a slash at the end
 * @throws {AdapterError} `broken`, not retryable, when the log is now shorter than `offset`: it is another log.
 */
export async function openLog(
  client: Client,
  buildPath: string,
  offset: number,
  options: CallOptions,
): Promise<LogStream> {
  const what = `log ${buildPath}`;
  const path = `${buildPath}/logText/progressiveText`;
  const { response, body } = await client.stream(what, path, { start: offset }, options);
  const size = Number(response.headers.get("x-text-size") ?? Number.NaN);
  if (!Number.isInteger(size)) {
    await body.cancel();
    throw new AdapterError("broken", `${what}: the answer has no X-Text-Size`, {
      status: response.status,
      retryable: false,
      details: { reason: "not_jenkins" },
    });
  }
  if (size < offset) {
    await body.cancel();
    throw new AdapterError("broken", `${what}: ends at ${size}, before the offset ${offset}`, {
      retryable: false,
      status: response.status,
      details: { reason: "other", size, offset },
    });
  }
  return { body, nextOffset: size, complete: response.headers.get("x-more-data") !== "true" };
}

/** The whole log with LF line ends, as its bytes; null when there is no such build. */
export async function openConsole(
  client: Client,
  buildPath: string,
  options: CallOptions,
): Promise<ReadableStream<Uint8Array> | null> {
  const stream = client.stream(`console ${buildPath}`, `${buildPath}/consoleText`, {}, options);
  return (await orNull(stream))?.body ?? null;
}
