import { createHash } from "node:crypto";
import { AdapterError } from "#lib/errors.ts";
import { noAnswer, unreadable } from "../http-answer.ts";

/** Ends what is going on when nothing has happened for a while, or when the caller gives up. */
export function createPatience(patienceMs: number, given?: AbortSignal) {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearTimeout(timer);
  const touch = () => {
    stop();
    const late = () => controller.abort(new DOMException("nothing came for too long", "TimeoutError"));
    timer = setTimeout(late, patienceMs);
  };
  touch();
  const signal = given ? AbortSignal.any([given, controller.signal]) : controller.signal;
  return { signal, touch, stop };
}
export type Patience = ReturnType<typeof createPatience>;

/**
 * The bytes of a blob as they come, no faster than they are taken. The last chunk is followed by an error instead of the
 * end when they were not the digest. Silence counts only while somebody waits for the next chunk.
 */
export function verifiedBlob(
  source: ReadableStream<Uint8Array>,
  input: { digest: string; what: string; patience: Patience },
): ReadableStream<Uint8Array> {
  const { digest, what, patience } = input;
  const reader = source.getReader();
  const hash = createHash("sha256");
  patience.stop();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        patience.touch();
        try {
          const { done, value } = await reader.read();
          if (!done) {
            hash.update(value);
            controller.enqueue(value);
          } else if (`sha256:${hash.digest("hex")}` === digest) controller.close();
          else controller.error(unreadable(`${what} sent a blob that is not its digest`));
        } catch (error) {
          controller.error(cutOff(error, what));
        } finally {
          patience.stop();
        }
      },
      async cancel(reason) {
        patience.stop();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function cutOff(error: unknown, what: string): AdapterError {
  const known = noAnswer(error, what);
  if (known === error || (error instanceof Error && error.name === "TimeoutError")) return known;
  return new AdapterError("unreachable", `${what} broke off while it sent a blob`, { cause: error });
}
