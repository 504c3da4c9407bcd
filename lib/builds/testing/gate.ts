import { createServer, request } from "node:http";

/** What the way to the build server does to requests. */
export type GateMode = "open" | "drop_trigger" | "drop_trigger_answer" | "down";

/** What is answered in the build server's place; which never hears of the request. */
type GateAnswer = { status: number; body: string; headers?: Record<string, string> };

/** A proxy before a build server that can lose a request, or only its answer, or be unreachable. */
export async function openGate(target: string) {
  const gate: { mode: GateMode; triggers: number; answer: GateAnswer | null } = {
    mode: "open",
    triggers: 0,
    answer: null,
  };
  const server = createServer((incoming, outgoing) => {
    const isTrigger = incoming.method === "POST" && (incoming.url ?? "").includes("/buildWithParameters");
    if (gate.mode === "down" || (gate.mode === "drop_trigger" && isTrigger)) {
      incoming.socket.destroy();
      return;
    }
    if (gate.answer) {
      outgoing.writeHead(gate.answer.status, { "content-type": "text/html", ...gate.answer.headers });
      outgoing.end(gate.answer.body);
      return;
    }
    const dropsAnswer = gate.mode === "drop_trigger_answer" && isTrigger;
    const onward = request(
      new URL(incoming.url ?? "/", target),
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        if (isTrigger) gate.triggers += 1;
        if (dropsAnswer) {
          answer.resume();
          incoming.socket.destroy();
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on("error", () => incoming.socket.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    set: (mode: GateMode) => {
      gate.mode = mode;
    },
    /** From now on to every request; null lets them pass. */
    answer: (next: GateAnswer | null) => {
      gate.answer = next;
    },
    /** Triggers that the build server has received. */
    triggers: () => gate.triggers,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
