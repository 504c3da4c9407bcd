import type { ServerResponse } from "node:http";

const holder = globalThis as typeof globalThis & { refractOpenAnswers?: Set<ServerResponse> };

/**
 * Ends an answer that would not end by itself when this process is told to end: the server waits for its answers. Who
 * reads it comes back, to another process.
 */
export function endAtShutdown(response: ServerResponse): void {
  holder.refractOpenAnswers ??= openAnswers();
  const open = holder.refractOpenAnswers;
  open.add(response);
  response.once("close", () => open.delete(response));
}

function openAnswers(): Set<ServerResponse> {
  const open = new Set<ServerResponse>();
  const end = () => {
    for (const response of open) {
      response.end();
      // A reader who came back on this connection would keep the server.
      response.socket?.destroySoon();
    }
  };
  process.once("SIGTERM", end).once("SIGINT", end);
  return open;
}
