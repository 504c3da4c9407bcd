import { AdapterError } from "#lib/errors.ts";
import { failureOf, noAnswer, readBytes } from "../http-answer.ts";
import type { CallOptions } from "../ports.ts";
import { type Challenge, parseChallenge } from "./challenge.ts";
import type { RegistryConfig } from "./config.ts";
import { createTokens } from "./tokens.ts";

export type RegistryCall = {
  method: "GET" | "HEAD" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below the registry's root, e.g. `/v2/app/tags/list?n=100`, or a whole address that the registry gave. */
  path: string;
  /** Tokens are per repository; empty for `/v2/`. */
  repository: string;
  /** Another repository that the call reads from. */
  from?: string;
  accept?: string;
  contentType?: string;
  /** A stream is opened anew for each attempt, as what was sent cannot be sent again. */
  body?: Buffer | { size: number; open: () => Promise<ReadableStream<Uint8Array>> };
  maxBytes?: number;
};
export type RegistryAnswer = { status: number; headers: Headers; body: Buffer };

const MAX_BYTES = 8 * 1024 * 1024;
const READING = new Set(["GET", "HEAD"]);

/**
 * HTTP exchanges with one registry. Credentials are sent only after it asked for them, only to itself (a redirect or an
 * upload address of another host gets none), and what it asked for is remembered, so that later calls need one exchange
 * instead of three.
 */
export function createSession(config: RegistryConfig) {
  const tokens = createTokens(config);
  const challenges = new Map<string, Challenge>();
  const root = new URL(config.url);
  const what = `registry ${root.host}`;

  /** Basic credentials are the same everywhere in a registry; a token is for some repositories and actions. */
  const keyOf = ({ method, repository, from }: RegistryCall) =>
    [repository, READING.has(method) ? "pull" : method === "DELETE" ? "delete" : "push", from ?? ""].join(
      " ",
    );

  async function authorization(challenge: Challenge | undefined): Promise<string | undefined> {
    if (!challenge) return undefined;
    if (challenge.scheme === "bearer") return `Bearer ${await tokens.get(challenge)}`;
    if (!config.credentials) return undefined;
    const { username, password } = config.credentials;
    return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  }

  async function exchange(call: RegistryCall, credential: string | undefined, signal: AbortSignal) {
    const url = new URL(call.path, root);
    const headers = new Headers();
    if (call.accept) headers.set("accept", call.accept);
    if (call.contentType) headers.set("content-type", call.contentType);
    if (credential && url.origin === root.origin) headers.set("authorization", credential);
    // Blobs may be read elsewhere; what is written goes where the registry said and nowhere else.
    const redirect = READING.has(call.method) ? "follow" : "manual";
    const init = { method: call.method, headers, signal, redirect } as const;
    if (!call.body) return fetch(url, init);
    if (Buffer.isBuffer(call.body)) return fetch(url, { ...init, body: new Uint8Array(call.body) });
    // Told beforehand: some registries and most proxies refuse, or keep in memory, what has no length.
    headers.set("content-length", String(call.body.size));
    const body = await call.body.open();
    // Undici wants `duplex` for a stream; the DOM's types do not know it.
    const streamed: RequestInit & { duplex: "half" } = { ...init, body, duplex: "half" };
    return fetch(url, streamed);
  }

  /** Null for 404. The body of any other answer is the caller's to read or cancel. */
  async function attempt(call: RegistryCall, signal: AbortSignal): Promise<Response | null> {
    const key = keyOf(call);
    const known = challenges.get("*") ?? challenges.get(key);
    const credential = await authorization(known);
    let response = await exchange(call, credential, signal);
    if (response.status === 401) {
      const challenge = parseChallenge(response.headers.get("www-authenticate"));
      if (known?.scheme === "bearer" && credential)
        await tokens.drop(known, credential.slice("Bearer ".length));
      const next = challenge && (await afterRefusal(challenge, credential));
      if (challenge && next) {
        await response.body?.cancel();
        challenges.set(challenge.scheme === "basic" ? "*" : key, challenge);
        response = await exchange(call, next, signal);
      }
    }
    if (response.status === 404 || !response.ok) {
      await response.body?.cancel();
      if (response.status === 404) return null;
      throw refusedByRule(response) ?? lacksRight(response) ?? failureOf(response.status, what);
    }
    return response;
  }

  /** Credentials for a second try, or nothing when they were just refused or there are none. */
  async function afterRefusal(
    challenge: Challenge,
    refused: string | undefined,
  ): Promise<string | undefined> {
    if (challenge.scheme === "basic" && refused?.startsWith("Basic ")) return undefined;
    return authorization(challenge);
  }

  /** A token that the token server gave for our account, and that does not suffice: the account lacks the right. */
  function lacksRight(response: Response): AdapterError | undefined {
    if (response.status !== 401 || !config.credentials) return undefined;
    const challenge = parseChallenge(response.headers.get("www-authenticate"));
    if (challenge?.scheme !== "bearer" || challenge.error === "invalid_token") return undefined;
    return new AdapterError("forbidden", `${what} does not let this account do that`, { status: 401 });
  }

  /** Harbor answers so where a project lets nobody pull what is not signed, or has findings that are too severe. */
  function refusedByRule({ status }: Response): AdapterError | undefined {
    if (status !== 412) return undefined;
    return new AdapterError("forbidden", `${what}: a rule of its own forbids this image`, { status });
  }

  return {
    origin: root.origin,
    host: root.host,
    what,
    /** Null for 404. Throws AdapterError for everything else that is not a success. */
    async call(call: RegistryCall, options: CallOptions = {}): Promise<RegistryAnswer | null> {
      const timeout = AbortSignal.timeout(config.timeoutMs);
      const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
      try {
        const response = await attempt(call, signal);
        if (!response) return null;
        const body = await readBytes(response, call.maxBytes ?? MAX_BYTES, what);
        return { status: response.status, headers: response.headers, body };
      } catch (error) {
        throw noAnswer(error, what);
      }
    },
    /** As `call`, with no limit of time but the signal, and the answer's body as it comes. */
    async open(call: RegistryCall, signal: AbortSignal): Promise<Response | null> {
      try {
        return await attempt(call, signal);
      } catch (error) {
        throw noAnswer(error, what);
      }
    },
  };
}
export type Session = ReturnType<typeof createSession>;
