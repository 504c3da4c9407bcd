import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

/** What happens to a request instead of its going through. */
export type GateFault =
  | { status: number; body?: string }
  /** The connection breaks after some of the body was taken. */
  | "cut"
  /** Nobody ever answers. */
  | "hold"
  /** It goes through, and the answer names this digest. */
  | { digest: string };
type Rule = (call: { method: string; path: string }) => GateFault | null;

/** A proxy before a registry that spoils what its rule says. It has an address of its own, as a registry has. */
export async function openRegistryGate(target: string) {
  const gate: { rule: Rule; calls: string[] } = { rule: () => null, calls: [] };
  const server = createServer((incoming, outgoing) => {
    const { method = "GET", url: path = "/" } = incoming;
    gate.calls.push(`${method} ${path}`);
    const fault = gate.rule({ method, path });
    if (fault === "hold") return;
    if (fault === "cut") {
      incoming.once("data", () => incoming.socket.destroy());
      incoming.once("end", () => incoming.socket.destroy());
      return;
    }
    if (fault && "status" in fault) {
      incoming.resume();
      outgoing.writeHead(fault.status, { "content-type": "application/json" }).end(fault.body ?? "");
      return;
    }
    pass(incoming, outgoing, target, fault?.digest);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    host: `127.0.0.1:${address.port}`,
    /** Null lets everything pass. */
    rule: (next: Rule | null) => {
      gate.rule = next ?? (() => null);
    },
    /** Requests that were made since the last time this was asked. */
    calls: () => gate.calls.splice(0),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, target: string, digest?: string): void {
  const { method, headers } = incoming;
  const onward = request(new URL(incoming.url ?? "/", target), { method, headers }, (answer) => {
    const told = digest === undefined ? {} : { "docker-content-digest": digest };
    outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...told });
    answer.pipe(outgoing);
  });
  onward.on("error", () => incoming.socket.destroy());
  incoming.pipe(onward);
}
