import { failureOf, noAnswer, readBytes } from "../http-answer.ts";
import type { CallOptions } from "../ports.ts";
import { type Challenge, parseChallenge } from "./challenge.ts";
import type { RegistryConfig } from "./config.ts";
import { createTokens } from "./tokens.ts";

export type RegistryCall = {
  method: "GET" | "HEAD";
  /** Below the registry's root, e.g. `/v2/app/tags/list?n=100`. */
  path: string;
  /** Tokens are per repository; empty for `/v2/`. */
  repository: string;
  accept?: string;
  maxBytes: number;
};
export type RegistryAnswer = { headers: Headers; body: Buffer };

/**
 * HTTP exchanges with one registry. Credentials are sent only after it asked for them, and what it asked for is
 * remembered, so that later calls need one exchange instead of three.
 */
export function createSession(config: RegistryConfig) {
  const tokens = createTokens(config);
  const challenges = new Map<string, Challenge>();
  /** Basic credentials are the same everywhere in a registry, a token is not. */
  const keyOf = (challenge: Challenge, repository: string) =>
    challenge.scheme === "basic" ? "*" : repository;
  const host = new URL(config.url).host;

  async function authorization(challenge: Challenge | undefined): Promise<string | undefined> {
    if (!challenge) return undefined;
    if (challenge.scheme === "bearer") return `Bearer ${await tokens.get(challenge)}`;
    if (!config.credentials) return undefined;
    const { username, password } = config.credentials;
    return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  }

  async function exchange(call: RegistryCall, credential: string | undefined, signal: AbortSignal) {
    const headers = new Headers();
    if (call.accept) headers.set("accept", call.accept);
    if (credential) headers.set("authorization", credential);
    return fetch(new URL(call.path, config.url), { method: call.method, headers, signal });
  }

  async function attempt(call: RegistryCall, options: CallOptions): Promise<RegistryAnswer | null> {
    const timeout = AbortSignal.timeout(config.timeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
    const known = challenges.get("*") ?? challenges.get(call.repository);
    let credential = await authorization(known);
    let response = await exchange(call, credential, signal);
    if (response.status === 401) {
      const challenge = parseChallenge(response.headers.get("www-authenticate"));
      if (known?.scheme === "bearer" && credential)
        await tokens.drop(known, credential.slice("Bearer ".length));
      const next = challenge && (await afterRefusal(challenge, credential));
      if (challenge && next) {
        await response.body?.cancel();
        challenges.set(keyOf(challenge, call.repository), challenge);
        credential = next;
        response = await exchange(call, credential, signal);
      }
    }
    if (response.status === 404 || !response.ok) {
      await response.body?.cancel();
      if (response.status === 404) return null;
      throw failureOf(response.status, `registry ${host}`);
    }
    const body = await readBytes(response, call.maxBytes, `registry ${host}`);
    return { headers: response.headers, body };
  }

  /** Credentials for a second try, or nothing when they were just refused or there are none. */
  async function afterRefusal(
    challenge: Challenge,
    refused: string | undefined,
  ): Promise<string | undefined> {
    if (challenge.scheme === "basic" && refused?.startsWith("Basic ")) return undefined;
    return authorization(challenge);
  }

  return {
    host,
    /** Null for 404. Throws AdapterError for everything else that is not a success. */
    async call(call: RegistryCall, options: CallOptions = {}): Promise<RegistryAnswer | null> {
      try {
        return await attempt(call, options);
      } catch (error) {
        throw noAnswer(error, `registry ${host}`);
      }
    },
  };
}
