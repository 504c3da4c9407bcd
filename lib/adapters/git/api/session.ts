import type { z } from "zod";
import { AdapterError } from "#lib/errors.ts";
import { failureOf, noAnswer, readText, unreadable } from "../../http-answer.ts";
import type { CallOptions } from "../../ports.ts";

const MAX_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 10_000;
/** Where a server says "too often" without saying until when. */
const USUAL_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;

export type Query = Record<string, string | number | boolean>;
export type Answer<Body> = { body: Body; headers: Headers };

/**
 * Questions to the API of a Git host. A server that says it was asked too often is left alone until it says, or for a
 * minute. Redirects are not followed: the token is for this address.
 * @param apiUrl base address without a slash at its end
 * @param headers with the token, where there is one
 */
export function createSession(apiUrl: string, headers: Record<string, string>) {
  let pausedUntil = 0;

  /** @throws AdapterError; `missing` for 404 and for what is somewhere else by now */
  async function get<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    query: Query = {},
    { signal }: CallOptions = {},
  ): Promise<Answer<z.output<Schema>>> {
    const what = `GET ${apiUrl}${path}`;
    if (Date.now() < pausedUntil) throw throttled(what, pausedUntil);
    const url = new URL(`${apiUrl}${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        headers: { accept: "application/json", "user-agent": "refract", ...headers },
        redirect: "manual",
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      text = await readText(response, MAX_BYTES, what);
    } catch (error) {
      throw noAnswer(error, what);
    }
    const pause = pauseOf(response);
    if (pause !== null) {
      pausedUntil = pause;
      throw throttled(what, pause, response.status);
    }
    if (response.status >= 300 && response.status < 400)
      throw new AdapterError("missing", `${what} is elsewhere by now`, { status: response.status });
    if (!response.ok) throw failureOf(response.status, what);
    return { body: parse(schema, text, what), headers: response.headers };
  }

  return {
    get,
    /** As `get`; null where there is no such thing. */
    async find<Schema extends z.ZodType>(
      schema: Schema,
      path: string,
      query: Query = {},
      options: CallOptions = {},
    ): Promise<Answer<z.output<Schema>> | null> {
      try {
        return await get(schema, path, query, options);
      } catch (error) {
        // GitHub says 422 to a commit that it cannot find.
        if (error instanceof AdapterError && (error.status === 404 || error.status === 422)) return null;
        throw error;
      }
    },
  };
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string, what: string): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(`${what} answered with something else than JSON`, cause);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw unreadable(`${what} answered in another shape`, parsed.error);
  return parsed.data;
}

/** Until when to wait, milliseconds since 1970; null when the server would answer. */
function pauseOf({ status, headers }: Response): number | null {
  const spent = (headers.get("x-ratelimit-remaining") ?? headers.get("ratelimit-remaining")) === "0";
  const limited = status === 429 || (status === 403 && (spent || headers.has("retry-after")));
  if (!limited) return null;
  const now = Date.now();
  const reset = Number(headers.get("x-ratelimit-reset") ?? headers.get("ratelimit-reset") ?? Number.NaN);
  const after = Number(headers.get("retry-after") ?? Number.NaN);
  const until = after > 0 ? now + after * 1000 : reset > 0 ? reset * 1000 : now + USUAL_PAUSE_MS;
  return Math.min(Math.max(until, now + 1000), now + LONGEST_PAUSE_MS);
}

const throttled = (what: string, until: number, status?: number) =>
  new AdapterError("throttled", `${what}: asked too often, not before ${new Date(until).toISOString()}`, {
    status,
    details: { until },
  });

/** Whether a page has one after it: by `X-Next-Page`, else by a `Link` with rel="next". */
export function hasNext(headers: Headers): boolean {
  const next = headers.get("x-next-page");
  return next === null ? /<[^>]*>;\s*rel="?next"?/.test(headers.get("link") ?? "") : next !== "";
}
