import { EventEmitter } from "node:events";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import Jenkins from "jenkins";
import { AdapterError } from "#lib/errors.ts";
import type { CallOptions } from "../ports.ts";
import { toAdapterError } from "./failure.ts";

export type ClientSettings = {
  /** Base address, with the context path if there is one. */
  url: string;
  username: string;
  /** An API token: with one, Jenkins asks for no crumb. A password would need a crumb and its cookie. */
  token: string;
  /** Milliseconds for one request. */
  timeoutMs: number;
};
export type Call = <T>(
  what: string,
  options: CallOptions,
  use: (jenkins: Jenkins) => Promise<T>,
) => Promise<T>;

/**
 * Runs calls of the npm client with a timeout, the caller's signal and shared keep-alive connections; every
 * rejection becomes an `AdapterError`. The client object is made per call because its only way to cancel is a
 * context that is attached while the request is created; it holds no connection of its own.
 */
export function createCall(settings: ClientSettings): Call {
  const { timeoutMs } = settings;
  const baseUrl = settings.url.replace(/\/+$/, "");
  // Jetty closes idle connections after 30 s; ours go earlier, so that a trigger never meets a dead one.
  const agentOptions = { keepAlive: true, timeout: Math.min(timeoutMs, 20_000) };
  const agent = baseUrl.startsWith("https:") ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
  const basic = Buffer.from(`${settings.username}:${settings.token}`).toString("base64");

  return async (what, { signal }, use) => {
    if (signal?.aborted) throw new AdapterError("unreachable", `${what}: given up`, { cause: signal.reason });
    const cancelling = new EventEmitter();
    const cancel = (): void => {
      cancelling.emit("cancel");
    };
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      const headers = { authorization: `Basic ${basic}` };
      const jenkins = new Jenkins({ baseUrl, crumbIssuer: false, headers, timeout: timeoutMs, agent });
      jenkins._ext("onCreate", (request, next) => {
        request.ctx = cancelling;
        next();
      });
      return await use(jenkins);
    } catch (error) {
      throw toAdapterError(what, error);
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  };
}
