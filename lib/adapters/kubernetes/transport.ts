import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";
import type { LookupFunction } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { AdapterError } from "#lib/errors.ts";
import { parseKubeconfig } from "./kubeconfig.ts";
import { mayHaveHappened, waitBeforeNext } from "./retry.ts";

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
  /** Whether it may be carried out twice without harm, and so be sent again blindly; a GET unless said otherwise. */
  repeatable?: boolean;
};
export type KubeAnswer = {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  /** An earlier try brought no success, but may have been carried out. */
  uncertain: boolean;
};
export type Transport = {
  /** Whole answer, whatever its status. */
  send(request: KubeRequest): Promise<KubeAnswer>;
  /** Answer whose body comes piece by piece; the timeout ends with its headers, the signal does not. */
  open(request: KubeRequest): Promise<IncomingMessage>;
};

/**
 * Requests to the API server of one context over keep-alive connections. `KubeConfig` of the vendor's client reads
 * the credentials; its typed API is left aside on purpose. It serializes through generated models, which drop every
 * field that they do not know, while a plan must arrive byte for byte; it opens a new connection pool for each
 * request; and its watch hides both the Status of a failure and lines that cannot be parsed.
 * A request is sent again where that is safe (retry.ts) and as long as `timeoutMs` have not passed since the first try;
 * so a call lasts twice that at most, and a server that says nothing is asked once.
 * @throws {AdapterError} `unreachable` when there is no answer in time or the caller gives up.
 */
export function createTransport(input: {
  kubeconfig: string;
  contextName?: string;
  timeoutMs: number;
  lookup?: LookupFunction;
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
    const body = request.body === undefined ? undefined : textOf(request.body);
    const headers: Record<string, string | number> = { accept: "application/json, */*;q=0.8" };
    if (body !== undefined) {
      headers["content-type"] = request.contentType ?? "application/json";
      headers["content-length"] = Buffer.byteLength(body);
    }
    return new Promise((resolve, reject) => {
      const outgoing = (secure ? httpsRequest : httpRequest)({
        ...options,
        lookup: input.lookup,
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
        reject(unreachable(request.what, error));
      });
      outgoing.end(body);
    });
  };

  /** Tries until an answer is worth having; `unused` gets each answer that is not. */
  const repeated = async <T extends Omit<KubeAnswer, "uncertain">>(
    request: KubeRequest,
    once: () => Promise<T>,
    unused: (answer: T) => void,
  ): Promise<T & { uncertain: boolean }> => {
    const { repeatable = request.method === "GET" } = request;
    const began = performance.now();
    let uncertain = false;
    for (let tries = 1; ; tries++) {
      if (request.signal?.aborted) throw unreachable(request.what, new Error("given up"));
      const tried = await once().catch((error: unknown) => ({ error }));
      const wait = waitBeforeNext(tried, { tries, repeatable });
      const left = input.timeoutMs - (performance.now() - began);
      if (wait === null || wait > left || request.signal?.aborted) {
        if ("error" in tried) throw unreachable(request.what, tried.error);
        return { ...tried, uncertain };
      }
      uncertain ||= mayHaveHappened(tried);
      if (!("error" in tried)) unused(tried);
      await delay(wait, undefined, { signal: request.signal }).catch((error: unknown) => {
        throw unreachable(request.what, error);
      });
    }
  };

  const open = async (request: KubeRequest): Promise<IncomingMessage> => {
    const once = async () => {
      const answer = await exchange(request);
      return { answer, status: answer.statusCode ?? 0, headers: answer.headers, body: "" };
    };
    return (await repeated(request, once, ({ answer }) => answer.resume())).answer;
  };

  const send = (request: KubeRequest): Promise<KubeAnswer> => {
    const once = async () => {
      const answer = await exchange(request);
      const body = await readBody(request.what, answer, input.timeoutMs);
      return { status: answer.statusCode ?? 0, headers: answer.headers, body };
    };
    return repeated(request, once, () => {});
  };

  return { send, open };
}

/**
 * JSON that reads the same as YAML, which is what an apply is taken for: there U+2028 and its like are line breaks, folded
 * to spaces even within quotes, and controls are an error.
 */
function textOf(body: unknown): string {
  return JSON.stringify(body).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

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
