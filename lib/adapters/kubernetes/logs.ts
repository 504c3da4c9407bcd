import type { IncomingMessage } from "node:http";
import { StringDecoder } from "node:string_decoder";
import { AdapterError } from "#lib/errors.ts";
import type { CallOptions, Cluster, PodLogOptions } from "../ports.ts";
import { statusError } from "./failure.ts";
import { readBody, type Transport, unreachable } from "./transport.ts";

const WAITING = /is waiting to start/;

function logRequest(ref: { namespace: string; name: string }, input: PodLogOptions, options: CallOptions) {
  const { container, previous, tailLines, sinceSeconds, timestamps, limitBytes } = input;
  return {
    what: `log of pod ${ref.namespace}/${ref.name}`,
    method: "GET",
    path: `/api/v1/namespaces/${encodeURIComponent(ref.namespace)}/pods/${encodeURIComponent(ref.name)}/log`,
    query: { container, previous, tailLines, sinceSeconds, timestamps, limitBytes },
    signal: options.signal,
  } as const;
}

/** A container that has not started has no log yet: a 400 like any mistake, but one that passes by itself. */
function logError(what: string, status: number, body: string): AdapterError {
  const error = statusError(what, status, body, "pods");
  if (status !== 400 || !WAITING.test(error.message)) return error;
  return new AdapterError("invalid", error.message, {
    retryable: true,
    status,
    details: { reason: "ContainerWaiting", causes: [] },
  });
}

/** The log calls of the port. */
export function createLogs(
  transport: Transport,
  timeoutMs: number,
): Pick<Cluster, "podLog" | "followPodLog" | "openPodLog"> {
  return {
    async podLog(ref, input, options = {}) {
      const request = logRequest(ref, input, options);
      const answer = await transport.send(request);
      if (answer.status !== 200) throw logError(request.what, answer.status, answer.body);
      return answer.body;
    },

    async followPodLog(ref, { onText, ...input }, options = {}) {
      const request = logRequest(ref, input, options);
      const answer = await transport.open({ ...request, query: { ...request.query, follow: true } });
      if (answer.statusCode !== 200) {
        const body = await readBody(request.what, answer, timeoutMs);
        throw logError(request.what, answer.statusCode ?? 0, body);
      }
      await pump(request.what, answer, onText, options.signal);
    },

    async openPodLog(ref, { follow, ...input }, options = {}) {
      const request = logRequest(ref, input, options);
      const answer = await transport.open({ ...request, query: { ...request.query, follow } });
      if (answer.statusCode === 200) return bytesOf(request.what, answer);
      const body = await readBody(request.what, answer, timeoutMs);
      throw logError(request.what, answer.statusCode ?? 0, body);
    },
  };
}

/** Reads on only when the reader asks for more, so that a slow one fills no memory here. */
function bytesOf(what: string, answer: IncomingMessage): ReadableStream<Uint8Array> {
  const pieces = answer[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          controller.error(unreachable(what, error));
        }
      },
      cancel() {
        answer.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}

async function pump(
  what: string,
  answer: IncomingMessage,
  onText: (text: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  // A character may be cut in two between pieces.
  const decoder = new StringDecoder("utf8");
  try {
    for await (const piece of answer) {
      const text = decoder.write(Buffer.from(piece));
      if (text !== "") onText(text);
    }
    const rest = decoder.end();
    if (rest !== "") onText(rest);
  } catch (error) {
    if (!signal?.aborted) throw unreachable(what, error);
  } finally {
    answer.destroy();
  }
}
