import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";

/** Cuts characters and line ends. */
const PIECE_BYTES = 65_521;

/** What the log is like: change it while the server runs. */
export type LogScript = {
  /** The console, bytes as Jenkins keeps them. */
  console: Buffer;
  /** Bytes of it that are there yet, and whether more follows. */
  visible?: number;
  running: boolean;
  /** The console's own address answers this; 200 when left out. */
  consoleStatus?: number;
  /** The console of build 1 where it is another. */
  first?: Buffer;
  /** Milliseconds between two pieces. */
  pauseMs?: number;
  /** `progressiveText` breaks off after so many bytes, once. */
  breakAfter?: number;
  /** `consoleText` breaks off after so many bytes, each time. */
  consoleBreaksAfter?: number;
};

/** Answers for the log of every build as Jenkins does: `progressiveText` with CR LF and offsets, `consoleText` with LF. */
export async function startLogServer(script: LogScript) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://jenkins");
    const start = Number(url.searchParams.get("start") ?? 0);
    asked.push(`${url.pathname.split("/").at(-1)} ${start}`);
    const whole = (url.pathname.includes("/1/") && script.first) || script.console;
    const seen = whole.subarray(0, script.visible ?? whole.length);
    const type = { "content-type": "text/plain;charset=utf-8" };
    if (url.pathname.endsWith("/progressiveText")) {
      const more = script.running ? { "x-more-data": "true" } : {};
      response.writeHead(200, { ...type, "x-text-size": String(seen.length), ...more });
      void send(response, seen.subarray(start > seen.length ? 0 : start), script, true);
    } else if (url.pathname.endsWith("/consoleText") && (script.consoleStatus ?? 200) === 200) {
      response.writeHead(200, type);
      void send(response, seen, script, false);
    } else {
      response.writeHead(script.consoleStatus ?? 404, { "content-type": "text/html" }).end("<html>");
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A CR LF that is there already stays one. */
function withCrLf(piece: Buffer, before: number | undefined): Buffer {
  const text = piece.toString("latin1").replace(/(?<!\r)\n/g, "\r\n");
  return Buffer.from(before === 13 && piece[0] === 10 ? text.slice(1) : text, "latin1");
}

async function send(response: ServerResponse, text: Buffer, script: LogScript, crlf: boolean): Promise<void> {
  let sent = 0;
  for (let at = 0; at < text.length && !response.destroyed; at += PIECE_BYTES) {
    const piece = text.subarray(at, at + PIECE_BYTES);
    const body = crlf ? withCrLf(piece, text[at - 1]) : piece;
    sent += body.length;
    if (crlf && script.breakAfter !== undefined && sent > script.breakAfter) {
      script.breakAfter = undefined;
      response.destroy();
      return;
    }
    if (!crlf && sent > (script.consoleBreaksAfter ?? Number.POSITIVE_INFINITY)) {
      response.destroy();
      return;
    }
    await new Promise<void>((resolve) => response.write(body, () => resolve()));
    if (script.pauseMs) await new Promise((resolve) => setTimeout(resolve, script.pauseMs));
  }
  response.end();
}
