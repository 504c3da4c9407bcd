import {
  createServer,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";

/** A request as it came, before anything is done with it. */
export type Passing = { method: string; path: string; query: URLSearchParams; body: string };
/** What became of it. */
export type Passed = Passing & {
  /** The server heard it. */
  forwarded: boolean;
  /** The server's status, or that of the answer made up for it; undefined while there is none. */
  status?: number;
  /** Milliseconds since the epoch when it came. */
  at: number;
};
type MadeAnswer = { status: number; headers?: Record<string, string>; body?: string };
export type Fault =
  /** Answered in the server's place. The server never hears of it, unless it does what was asked and is talked over. */
  | { answer: MadeAnswer; after?: boolean }
  /** The connection breaks before the server hears of it, or after it did what was asked. */
  | { lose: "request" | "answer" }
  /** The answer ends after so many bytes, as if that were all. */
  | { cut: number }
  /** Nothing comes back, and nothing gets through. */
  | { silent: true }
  /** Kept back on its way to the server, or on its way back, until the promise is kept. */
  | { hold: "request" | "answer"; until: Promise<unknown> };
/** Decides what happens to a request; null lets it pass. */
export type Rule = (request: Passing) => Fault | null | Promise<Fault | null>;

export type HttpFaultProxy = {
  url: string;
  requests: Passed[];
  /** From now on; null lets everything pass. */
  rule(next: Rule | null): void;
  close(): Promise<void>;
};

export type FaultProxy = HttpFaultProxy & {
  /** Leads to the proxy, which has the server's credentials. */
  kubeconfig: string;
};

/**
 * A loopback proxy before an API server that breaks what it is told to break. Plain HTTP to its client, so that a test
 * sees every request; whatever the kubeconfig says to the server.
 */
export async function startFaultProxy(kubeconfig: string): Promise<FaultProxy> {
  const proxy = await startProxy(await clusterUpstream(kubeconfig));
  return { ...proxy, kubeconfig: configFor(proxy.url) };
}

/** The same before any server that speaks HTTP; credentials are those of the request. */
export function startHttpFaultProxy(server: string): Promise<HttpFaultProxy> {
  return startProxy(upstreamAt(new URL(server), null));
}

async function startProxy(upstream: Upstream): Promise<HttpFaultProxy> {
  const requests: Passed[] = [];
  let rule: Rule = () => null;
  const server = createServer(async (request, response) => {
    response.on("error", () => response.destroy());
    const passed = await read(request);
    requests.push(passed);
    try {
      const fault = await rule(passed);
      if (fault && (await instead(fault, response, passed))) return;
      if (fault && "hold" in fault && fault.hold === "request") await fault.until;
      // Whoever has gone meanwhile wants nothing any more.
      if (response.destroyed) return;
      const answer = await upstream.send(request, passed);
      passed.status = answer.statusCode ?? 0;
      if (fault && "answer" in fault) {
        answer.resume();
        speak(fault.answer, response, passed);
      } else await giveBack(answer, response, fault);
    } catch {
      response.destroy();
    }
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  return {
    url,
    requests,
    rule: (next) => {
      rule = next ?? (() => null);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      upstream.close();
    },
  };
}

async function read(request: IncomingMessage): Promise<Passed> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://proxy");
  return {
    method: request.method ?? "GET",
    path: pathname,
    query: searchParams,
    body: Buffer.concat(parts).toString("utf8"),
    forwarded: false,
    at: Date.now(),
  };
}

/** Does what keeps a request from the server; false when it goes on to it. */
async function instead(fault: Fault, response: ServerResponse, passed: Passed): Promise<boolean> {
  if ("answer" in fault && !fault.after) {
    speak(fault.answer, response, passed);
    return true;
  }
  if ("lose" in fault && fault.lose === "request") {
    response.socket?.resetAndDestroy();
    return true;
  }
  return "silent" in fault;
}

function speak(made: MadeAnswer, response: ServerResponse, passed: Passed): void {
  passed.status = made.status;
  response
    .writeHead(made.status, { "content-type": "application/json", ...made.headers })
    .end(made.body ?? "");
}

async function giveBack(answer: IncomingMessage, response: ServerResponse, fault: Fault | null) {
  if (fault && ("hold" in fault || "lose" in fault || "cut" in fault)) {
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(Buffer.from(part));
    const whole = Buffer.concat(parts);
    if ("lose" in fault) {
      response.socket?.resetAndDestroy();
      return;
    }
    if ("hold" in fault) await fault.until;
    if (response.destroyed) return;
    const { "transfer-encoding": _chunked, "content-length": _length, ...headers } = answer.headers;
    response
      .writeHead(answer.statusCode ?? 0, headers)
      .end("cut" in fault ? whole.subarray(0, fault.cut) : whole);
    return;
  }
  response.writeHead(answer.statusCode ?? 0, answer.headers);
  response.flushHeaders();
  response.on("close", () => answer.destroy());
  answer.on("error", () => response.destroy());
  answer.pipe(response);
}

type Upstream = ReturnType<typeof upstreamAt>;

async function clusterUpstream(kubeconfig: string): Promise<Upstream> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return upstreamAt(new URL(config.getCurrentCluster()?.server ?? ""), options);
}

/** @param own credentials and trust in the place of those of a request; null passes them on */
function upstreamAt(base: URL, own: RequestOptions | null) {
  const secure = base.protocol === "https:";
  const { ca, cert, key, rejectUnauthorized } = own ?? {};
  const agent = secure
    ? new HttpsAgent({ keepAlive: true, ca, cert, key, rejectUnauthorized })
    : new HttpAgent({ keepAlive: true });
  const send = (request: IncomingMessage, passed: Passed) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const { host: _host, connection: _connection, authorization, ...headers } = request.headers;
      const credentials = own ? own.headers : authorization === undefined ? {} : { authorization };
      const outgoing = (secure ? httpsRequest : httpRequest)(
        {
          hostname: base.hostname,
          port: base.port,
          method: request.method,
          path: request.url,
          headers: { ...headers, ...credentials },
          agent,
        },
        resolve,
      );
      outgoing.on("error", reject);
      passed.forwarded = true;
      outgoing.end(passed.body);
    });
  return { send, close: () => agent.destroy() };
}

const configFor = (server: string): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "proxy",
    // The client library wants this said where there is no TLS.
    clusters: [{ name: "proxy", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "proxy", user: { token: "the-proxy-has-its-own" } }],
    contexts: [{ name: "proxy", context: { cluster: "proxy", user: "proxy" } }],
  });
