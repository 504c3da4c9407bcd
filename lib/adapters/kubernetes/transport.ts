import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { AdapterError } from "#lib/errors.ts";
import { parseKubeconfig } from "./kubeconfig.ts";

export type KubeRequest = {
  /** The call in words, for messages. */
  what: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path below the server's address, encoded. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  contentType?: string;
  body?: unknown;
  signal?: AbortSignal;
};
export type KubeAnswer = { status: number; headers: IncomingHttpHeaders; body: string };
export type Transport = {
  /** Whole answer, whatever its status. */
  send(request: KubeRequest): Promise<KubeAnswer>;
  /** Answer whose body comes piece by piece; the timeout ends with its headers, the signal does not. */
  open(request: KubeRequest): Promise<IncomingMessage>;
};

/** Tries after the first when the server says 429, and the longest wait it may ask for (seconds). */
const MAX_RETRIES = 3;
const MAX_RETRY_AFTER = 10;

/**
 * Requests to the API server of one context over keep-alive connections. `KubeConfig` of the vendor's client reads
 * the credentials; its typed API is left aside on purpose. It serializes through generated models, which drop every
 * field that they do not know, while a plan must arrive byte for byte; it opens a new connection pool for each
 * request; and its watch hides both the Status of a failure and lines that cannot be parsed.
 * @throws {AdapterError} `unreachable` when there is no answer in time or the caller gives up.
 */
export function createTransport(input: {
  kubeconfig: string;
  contextName?: string;
  timeoutMs: number;
}): Transport {
  const { server, context } = parseKubeconfig(input.kubeconfig, input.contextName);
  const credentials = new KubeConfig();
  credentials.loadFromString(input.kubeconfig);
  credentials.setCurrentContext(context);
  const base = new URL(server);
  const prefix = base.pathname.replace(/\/+$/, "");
  const secure = base.protocol === "https:";
  let ready: Promise<RequestOptions> | undefined;

  const connectionOptions = async (): Promise<RequestOptions> => {
    const options: RequestOptions = {};
    try {
      await credentials.applyToHTTPSOptions(options);
    } catch (error) {
      throw new AdapterError("invalid", error instanceof Error ? error.message : String(error), {
        cause: error,
      });
    }
    // The vendor's agent closes the connection after each request; only a proxy needs the one it made.
    if (!credentials.getCurrentCluster()?.proxyUrl) {
      const { ca, cert, key, passphrase, servername, rejectUnauthorized } = options;
      const keep = { keepAlive: true, timeout: 60_000 };
      options.agent = secure
        ? new HttpsAgent({ ...keep, ca, cert, key, passphrase, servername, rejectUnauthorized })
        : new HttpAgent(keep);
    }
    return options;
  };

  const exchange = async (request: KubeRequest): Promise<IncomingMessage> => {
    ready ??= connectionOptions();
    const options = await ready;
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) query.set(name, String(value));
    }
    const search = query.size > 0 ? `?${query}` : "";
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers: Record<string, string | number> = { accept: "application/json, */*;q=0.8" };
    if (body !== undefined) {
      headers["content-type"] = request.contentType ?? "application/json";
      headers["content-length"] = Buffer.byteLength(body);
    }
    return new Promise((resolve, reject) => {
      const outgoing = (secure ? httpsRequest : httpRequest)({
        ...options,
        hostname: base.hostname.replace(/^\[|\]$/g, ""),
        port: base.port || (secure ? 443 : 80),
        method: request.method,
        path: `${prefix}${request.path}${search}`,
        headers: { ...options.headers, ...headers },
        signal: request.signal,
      });
      const timer = setTimeout(
        () => outgoing.destroy(new Error(`no answer within ${input.timeoutMs} ms`)),
        input.timeoutMs,
      );
      outgoing.on("response", (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      outgoing.on("error", (error) => {
        clearTimeout(timer);
        // The server closed an idle connection just as we took it. A change may have been made before the answer was
        // lost, so that only what leaves no trace is sent again; the caller looks before it tries a change again.
        if (
          repeatable(request) &&
          outgoing.reusedSocket &&
          "code" in error &&
          error.code === "ECONNRESET" &&
          !request.signal?.aborted
        ) {
          exchange(request).then(resolve, reject);
          return;
        }
        reject(unreachable(request.what, error));
      });
      outgoing.end(body);
    });
  };

  const open = async (request: KubeRequest): Promise<IncomingMessage> => {
    for (let tries = 0; ; tries++) {
      if (request.signal?.aborted) throw unreachable(request.what, new Error("given up"));
      const answer = await exchange(request);
      if (answer.statusCode !== 429 || tries >= MAX_RETRIES) return answer;
      answer.resume();
      const seconds = Number(answer.headers["retry-after"] ?? 1);
      const wait = Math.min(Number.isFinite(seconds) ? Math.max(seconds, 0) : 1, MAX_RETRY_AFTER);
      await delay(wait * 1000, undefined, { signal: request.signal }).catch((error: unknown) => {
        throw unreachable(request.what, error);
      });
    }
  };

  const send = async (request: KubeRequest): Promise<KubeAnswer> => {
    const answer = await open(request);
    const body = await readBody(request.what, answer, input.timeoutMs);
    return { status: answer.statusCode ?? 0, headers: answer.headers, body };
  };

  return { send, open };
}

const repeatable = ({ method, query }: KubeRequest): boolean => method === "GET" || query?.dryRun === "All";

/** The error for a call without a (whole) answer. */
export function unreachable(what: string, error: unknown): AdapterError {
  if (error instanceof AdapterError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AdapterError("unreachable", `${what}: ${message}`, { cause: error });
}

/** The whole body as text. @throws {AdapterError} `unreachable` when it does not end within `timeoutMs`. */
export async function readBody(what: string, answer: IncomingMessage, timeoutMs: number): Promise<string> {
  const late = new Error(`the answer did not end within ${timeoutMs} ms`);
  const timer = setTimeout(() => answer.destroy(late), timeoutMs);
  try {
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(Buffer.from(part));
    return Buffer.concat(parts).toString("utf8");
  } catch (error) {
    throw unreachable(what, error);
  } finally {
    clearTimeout(timer);
  }
}
