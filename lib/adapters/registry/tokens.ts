import { z } from "zod";
import { AdapterError } from "#lib/errors.ts";
import { failureOf, noAnswer, readText, unreadable } from "../http-answer.ts";
import type { Challenge } from "./challenge.ts";
import type { RegistryConfig } from "./config.ts";

const tokenSchema = z.object({
  token: z.string().min(1).optional(),
  access_token: z.string().min(1).optional(),
  expires_in: z.number().positive().optional(),
});

type BearerChallenge = Extract<Challenge, { scheme: "bearer" }>;
type Token = { value: string; expiresAt: number };

/** What the token specification says when a server does not say how long its token lives. */
const DEFAULT_SECONDS = 60;
/** A token is left alone this long before its end, so that none expires on its way. */
const MARGIN_SECONDS = 10;
const MAX_BYTES = 256 * 1024;

/** Keeps the bearer tokens of one registry, and asks its token server for new ones. */
export function createTokens(config: RegistryConfig) {
  const tokens = new Map<string, Promise<Token>>();

  return {
    /** A token for the challenge; one request serves all who ask at the same time. */
    async get(challenge: BearerChallenge): Promise<string> {
      const key = keyOf(challenge);
      const known = tokens.get(key);
      if (known) {
        const token = await known;
        if (token.expiresAt > Date.now()) return token.value;
      }
      // Somebody else may have replaced the expired one while it was awaited.
      const current = tokens.get(key);
      const asked = current !== known && current ? current : requestToken(config, challenge);
      tokens.set(key, asked);
      try {
        return (await asked).value;
      } catch (error) {
        if (tokens.get(key) === asked) tokens.delete(key);
        throw error;
      }
    },
    /** Forgets a token that the registry refused, so that `get` asks for another. */
    async drop(challenge: BearerChallenge, value: string): Promise<void> {
      const key = keyOf(challenge);
      const known = tokens.get(key);
      const token = await known?.catch(() => undefined);
      if (token?.value === value && tokens.get(key) === known) tokens.delete(key);
    },
  };
}

function keyOf(challenge: BearerChallenge): string {
  return JSON.stringify([challenge.realm, challenge.service, challenge.scopes]);
}

async function requestToken(config: RegistryConfig, challenge: BearerChallenge): Promise<Token> {
  const url = tokenUrl(config, challenge);
  const headers = new Headers({ accept: "application/json" });
  if (config.credentials) {
    const { username, password } = config.credentials;
    headers.set("authorization", `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`);
  }
  const what = `token server ${url.host}`;
  const askedAt = Date.now();
  let text: string;
  try {
    // Credentials must not follow a redirect to a host that the registry did not name.
    const signal = AbortSignal.timeout(config.timeoutMs);
    const response = await fetch(url, { headers, signal, redirect: "error" });
    if (!response.ok) {
      await response.body?.cancel();
      throw failureOf(response.status, what);
    }
    text = await readText(response, MAX_BYTES, what);
  } catch (error) {
    throw noAnswer(error, what);
  }
  const body = parseToken(text, what);
  const value = body.token ?? body.access_token;
  if (!value) throw unreadable(`${what} gave no token`);
  const seconds = (body.expires_in ?? DEFAULT_SECONDS) - MARGIN_SECONDS;
  return { value, expiresAt: askedAt + Math.max(0, seconds) * 1000 };
}

function parseToken(text: string, what: string): z.infer<typeof tokenSchema> {
  try {
    return tokenSchema.parse(JSON.parse(text));
  } catch (error) {
    throw unreadable(`${what} gave an answer that is not a token`, error);
  }
}

function tokenUrl(config: RegistryConfig, challenge: BearerChallenge): URL {
  if (!URL.canParse(challenge.realm)) throw unreadable("the registry named a token server that is not a URL");
  const url = new URL(challenge.realm);
  const plain = url.protocol === "http:" && new URL(config.url).protocol === "http:";
  if (url.protocol !== "https:" && !plain) {
    throw new AdapterError("invalid", `credentials are not sent to ${url.protocol}//${url.host}`, {
      retryable: false,
    });
  }
  if (challenge.service !== undefined) url.searchParams.set("service", challenge.service);
  for (const scope of challenge.scopes) url.searchParams.append("scope", scope);
  if (config.credentials) url.searchParams.set("account", config.credentials.username);
  return url;
}
