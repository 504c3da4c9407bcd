/** Serves stored logs as the web server does, in a process of its own: `serve-log.ts <user>`; `/<build>`, `/peak`. */
import { createServer } from "node:http";
import { pipeToNodeResponse } from "next/dist/server/pipe-readable.js";
import { loadActor } from "#lib/access/actor.ts";
import { readLog } from "../stored-log.ts";
import { peakKiB } from "./peak-memory.ts";

const actor = await loadActor(process.argv[2] ?? "");
if (!actor) throw new Error("no such user");
const server = createServer(async (request, response) => {
  const name = (request.url ?? "/").slice(1);
  if (name === "peak") {
    response.end(String(await peakKiB()));
    return;
  }
  const { status, headers, body } = await readLog(actor, { id: name });
  response.writeHead(status, Object.fromEntries(headers));
  if (!body) throw new Error("a log without a body");
  // The reader went away.
  await pipeToNodeResponse(body, response).catch(() => response.destroy());
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" && address ? address.port : address);
});
