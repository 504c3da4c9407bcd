import { createServer } from "node:net";

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * The first free port on 127.0.0.1 at or above `from` that is not in `taken`; it is added to `taken`.
 * Throws when there is none up to 65535.
 */
export async function nextFreePort(from: number, taken: Set<number> = new Set()): Promise<number> {
  for (let port = from; port <= 65535; port += 1) {
    if (taken.has(port) || !(await isFree(port))) continue;
    taken.add(port);
    return port;
  }
  throw new Error(`No free port at or above ${from}`);
}
