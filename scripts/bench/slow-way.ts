import { Agent, createServer, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

export type SlowWay = { url: string; close(): Promise<void> };

/** A way to a Jenkins on which a trigger takes so many milliseconds longer; everything else passes as it is. */
export async function openSlowWay(target: string, delayMs: number): Promise<SlowWay> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer(async (incoming, outgoing) => {
    const { method, headers, url = "/" } = incoming;
    if (method === "POST" && url.includes("/buildWithParameters")) await sleep(delayMs);
    const onward = request(new URL(url, target), { agent, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => incoming.socket.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise<void>((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
