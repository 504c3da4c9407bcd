import { AdapterError } from "#lib/errors.ts";
import { readText } from "../http-answer.ts";
import type { CallOptions } from "../ports.ts";
import { notJenkins, refusal, refusesCrumb, toAdapterError } from "./failure.ts";
import { NO_SESSION, readSession, type Session } from "./session.ts";

export type ClientSettings = {
  /** Base address, with the context path if there is one. */
  url: string;
  username: string;
  /** An API token, or the password of `username`. */
  token: string;
  /** With a token Jenkins asks for no crumb; with a password each change needs one, and the session it belongs to. */
  credentialKind: "token" | "password";
  /** Milliseconds for one request; for a stream until it begins, and then between any two of its pieces. */
  timeoutMs: number;
};
type Query = Record<string, string | number>;
type Post = { query?: Query; form?: Record<string, string>; xml?: string };

/** An answer of Jenkins is at most this long where it is read as a whole. */
const MAX_BYTES = 32 * 1024 * 1024;
/** Enough of a page to tell what it says. */
const PAGE_BYTES = 256 * 1024;

export type Client = ReturnType<typeof createClient>;

/**
 * Requests to one Jenkins. Redirects are answers like any other: 303 is how Jenkins says that a trigger was merged,
 * and a client that followed it would lose that. What fails is an `AdapterError` with `details.reason`.
 */
export function createClient(settings: ClientSettings) {
  const base = settings.url.replace(/\/+$/, "");
  const credential = Buffer.from(`${settings.username}:${settings.token}`).toString("base64");
  let session: Promise<Session> | null = null;

  const address = (path: string, query: Query = {}): string => {
    const text = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
    return `${base}${path}${text.size === 0 ? "" : `?${text}`}`;
  };

  async function send(what: string, url: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
    try {
      return await fetch(url, {
        ...init,
        signal,
        redirect: "manual",
        headers: {
          authorization: `Basic ${credential}`,
          // Jenkins words its reasons in the caller's language.
          "accept-language": "en",
          ...init.headers,
        },
      });
    } catch (error) {
      throw toAdapterError(what, error);
    }
  }

  const withTimeout = ({ signal }: CallOptions): AbortSignal => {
    const timeout = AbortSignal.timeout(settings.timeoutMs);
    return signal ? AbortSignal.any([signal, timeout]) : timeout;
  };

  async function openSession(signal: AbortSignal): Promise<Session> {
    const what = "crumb";
    const response = await send(what, address("/crumbIssuer/api/json"), {}, signal);
    if (response.status === 404) {
      await response.body?.cancel();
      return NO_SESSION;
    }
    if (response.status !== 200) throw await refused(what, response);
    try {
      return await readSession(response);
    } catch (error) {
      throw toAdapterError(what, error);
    }
  }

  /** One session for all changes until it is refused; nobody waits for one that failed. */
  async function currentSession(signal: AbortSignal): Promise<Session> {
    const known = session ?? openSession(signal);
    session = known;
    try {
      return await known;
    } catch (error) {
      if (session === known) session = null;
      throw error;
    }
  }

  async function refused(what: string, response: Response): Promise<AdapterError> {
    try {
      return refusal(what, response, await readText(response, PAGE_BYTES, what));
    } catch {
      return refusal(what, response, "");
    }
  }

  const bodyOf = ({ form, xml }: Post): RequestInit => {
    if (xml !== undefined) return { body: xml, headers: { "content-type": "text/xml; charset=utf-8" } };
    return form === undefined ? {} : { body: new URLSearchParams(form) };
  };

  return {
    /**
     * Data that `parse` takes.
     * @throws AdapterError for every status but 200 (404 is `missing`); `broken`, not retryable, for a page or for
     * data that `parse` refuses
     */
    async json<T>(
      what: string,
      path: string,
      query: Query,
      parse: (body: unknown, response: Response) => T,
      options: CallOptions,
    ): Promise<T> {
      const response = await send(what, address(path, query), {}, withTimeout(options));
      if (response.status !== 200) throw await refused(what, response);
      try {
        const type = response.headers.get("content-type") ?? "";
        const text = await readText(response, MAX_BYTES, what);
        if (!type.startsWith("application/json")) throw notJenkins(what, response, text);
        return parse(JSON.parse(text), response);
      } catch (error) {
        throw toAdapterError(what, error);
      }
    },

    /**
     * A change. With a password it carries a crumb and its session; one that is refused is fetched again, once: what
     * was refused for its crumb was not done.
     * @param accepted statuses that are answers, not failures
     */
    async post(
      what: string,
      path: string,
      post: Post,
      accepted: readonly number[],
      options: CallOptions,
    ): Promise<Response> {
      const signal = withTimeout(options);
      const url = address(path, post.query);
      for (let again = false; ; again = true) {
        const used = settings.credentialKind === "password" ? await currentSession(signal) : NO_SESSION;
        const { body, headers } = bodyOf(post);
        const init: RequestInit = { method: "POST", headers: { ...headers, ...used.headers } };
        const response = await send(what, url, body === undefined ? init : { ...init, body }, signal);
        if (accepted.includes(response.status)) {
          await response.body?.cancel();
          // A redirect is an answer only where Jenkins itself sends it, not where it leads to a sign-in form.
          if (response.status < 300) return response;
          const error = refusal(what, response, "");
          if (error.failure !== "unauthorized") return response;
          throw error;
        }
        const text = await readText(response, PAGE_BYTES, what).catch(() => "");
        const renew = settings.credentialKind === "password" && refusesCrumb(response.status, text);
        if (!renew || again) throw refusal(what, response, text);
        session = null;
      }
    },

    /**
     * The bytes of a long answer as they come and no faster than they are read. The headers are there at once; the
     * body errors with an AdapterError when the connection breaks or stalls.
     */
    async stream(what: string, path: string, query: Query, { signal }: CallOptions) {
      const stall = new AbortController();
      const all = signal ? AbortSignal.any([signal, stall.signal]) : stall.signal;
      const inTime = <T>(answer: Promise<T>): Promise<T> => {
        const timer = setTimeout(() => stall.abort(timedOut()), settings.timeoutMs);
        return answer.finally(() => clearTimeout(timer));
      };
      // Unpacked by nobody on the way: what is counted and compared are the bytes of the log.
      const init = { headers: { "accept-encoding": "identity" } };
      const response = await inTime(send(what, address(path, query), init, all));
      if (response.status !== 200) throw await inTime(refused(what, response));
      return { response, body: pieces(what, response.body, inTime) };
    },
  };
}

const timedOut = (): DOMException => new DOMException("nothing came for too long", "TimeoutError");

function pieces(
  what: string,
  body: ReadableStream<Uint8Array> | null,
  inTime: <T>(answer: Promise<T>) => Promise<T>,
): ReadableStream<Uint8Array> {
  const reader = body?.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = reader ? await inTime(reader.read()) : { done: true, value: undefined };
          if (piece.value === undefined) controller.close();
          else controller.enqueue(piece.value);
        } catch (error) {
          controller.error(toAdapterError(what, error));
        }
      },
      cancel: (reason) => reader?.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** Null instead of a 404. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AdapterError && error.failure === "missing") return null;
    throw error;
  }
}
