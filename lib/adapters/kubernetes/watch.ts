import type { IncomingMessage } from "node:http";
import type { WatchEvent } from "../ports.ts";
import { parseStatus, statusError } from "./failure.ts";
import { parseWatchLine } from "./objects.ts";

const EVENT_TYPES = { ADDED: "added", MODIFIED: "modified", DELETED: "deleted" } as const;

/** Lines of the body. A connection that breaks ends them as the server's own timeout does. */
async function* linesOf(answer: IncomingMessage): AsyncGenerator<string> {
  // Not node:readline, which also splits at U+2028 inside a JSON string.
  answer.setEncoding("utf8");
  let rest = "";
  try {
    for await (const text of answer) {
      const lines = `${rest}${text}`.split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch {
    // The watcher lists again whatever the reason was, and meets a lasting one there. Half a line is no event.
  }
}

/**
 * Reads a watch until it ends.
 * @returns `expired` for the ERROR event 410 that comes inside a 200: list again
 * @throws {AdapterError} for another ERROR event or a line that is no event; whatever `onEvent` throws
 */
export async function readWatch(
  what: string,
  answer: IncomingMessage,
  onEvent: (event: WatchEvent) => void,
  signal: AbortSignal | undefined,
): Promise<{ ended: "server" | "expired" | "aborted" }> {
  try {
    for await (const line of linesOf(answer)) {
      if (signal?.aborted) break;
      if (line === "") continue;
      const event = parseWatchLine(what, line);
      if (event.type === "BOOKMARK") {
        onEvent({ type: "bookmark", resourceVersion: event.resourceVersion });
      } else if (event.type === "ERROR") {
        const code = parseStatus(event.status)?.code ?? 500;
        if (code === 410) return { ended: "expired" };
        throw statusError(what, code, event.status);
      } else {
        onEvent({ type: EVENT_TYPES[event.type], object: event.object });
      }
    }
  } finally {
    answer.destroy();
  }
  return { ended: signal?.aborted ? "aborted" : "server" };
}
