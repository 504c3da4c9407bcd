import { createServer, type ServerResponse } from "node:http";
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import { EVENT } from "./world.ts";

// The least that can stand between a watch and browsers, as a thread: every change of one kind in one namespace goes
// to every listener as it came. No rights, no state, nothing for who comes late.
const { kubeconfig, namespace } = z
  .object({ kubeconfig: z.string(), namespace: z.string() })
  .parse(workerData);
const cluster = createCluster({ kubeconfig });
const listeners = new Set<ServerResponse>();

const server = createServer((request, response) => {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write("retry: 1000\n\n");
  listeners.add(response);
  request.on("close", () => listeners.delete(response));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address) parentPort?.postMessage({ port: address.port });
});

for (;;) {
  const { resourceVersion } = await cluster.list({ ...EVENT, namespace });
  await cluster.watch(
    { ...EVENT, namespace },
    {
      resourceVersion,
      onEvent: (event) => {
        const frame = Buffer.from(`data: ${JSON.stringify(event)}\n\n`);
        for (const listener of listeners) listener.write(frame);
      },
    },
  );
}
