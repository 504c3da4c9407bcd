import { createServer, type IncomingMessage, request } from "node:http";

/** What the way to the build server does to requests. */
export type GateMode = "open" | "drop_trigger" | "drop_trigger_answer" | "down";

/** What is answered in the build server's place; which never hears of the request. */
type GateAnswer = { status: number; body: string; headers?: Record<string, string> };
type Asked = { method: string; url: string };
/** Requests that stand still: before the build server has them, or when it has answered. */
type Hold = { when: "before" | "answered"; matches: (asked: Asked) => boolean };

export const isTrigger = ({ method, url }: Asked): boolean =>
  method === "POST" && url.includes("/buildWithParameters");

/** A proxy before a build server that can lose a request, or only its answer, hold either, or be unreachable. */
export async function openGate(target: string) {
  const gate: {
    mode: GateMode;
    triggers: number;
    answers: { answer: GateAnswer; matches: (asked: Asked) => boolean }[];
    holds: Hold[];
    held: { asked: Asked; letGo: () => void }[];
  } = { mode: "open", triggers: 0, answers: [], holds: [], held: [] };
  /** True when the request stands still from now on. */
  const holds = (when: Hold["when"], asked: Asked, incoming: IncomingMessage): boolean => {
    if (!gate.holds.some((hold) => hold.when === when && hold.matches(asked))) return false;
    gate.held.push({ asked, letGo: () => incoming.socket.destroy() });
    return true;
  };
  const server = createServer((incoming, outgoing) => {
    const asked = { method: incoming.method ?? "GET", url: incoming.url ?? "/" };
    const triggers = isTrigger(asked);
    if (gate.mode === "down" || (gate.mode === "drop_trigger" && triggers)) {
      incoming.socket.destroy();
      return;
    }
    if (holds("before", asked, incoming)) return;
    const instead = gate.answers.find(({ matches }) => matches(asked))?.answer;
    if (instead) {
      outgoing.writeHead(instead.status, { "content-type": "text/html", ...instead.headers });
      outgoing.end(instead.body);
      return;
    }
    const dropsAnswer = gate.mode === "drop_trigger_answer" && triggers;
    const onward = request(
      new URL(asked.url, target),
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        if (triggers) gate.triggers += 1;
        if (dropsAnswer) {
          answer.resume();
          incoming.socket.destroy();
          return;
        }
        if (holds("answered", asked, incoming)) {
          answer.resume();
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
    /** From now on to every request that matches; null lets all pass. */
    answer: (answer: GateAnswer | null, matches: (asked: Asked) => boolean = () => true) => {
      gate.answers = answer ? [{ answer, matches }] : [];
    },
    /** From now on such requests stand still; how many do is told by `held`. */
    hold: (when: Hold["when"], matches: (asked: Asked) => boolean) => {
      gate.holds.push({ when, matches });
    },
    held: () => gate.held.map(({ asked }) => asked),
    /** Holds nothing more; what stood still is cut off. */
    letGo: () => {
      gate.holds = [];
      for (const { letGo } of gate.held.splice(0)) letGo();
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
