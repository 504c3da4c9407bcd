import { z } from "zod";
import { AdapterError } from "#lib/errors.ts";
import { failureOf, noAnswer, readBytes, unreadable } from "../../http-answer.ts";
import type { CallOptions } from "../../ports.ts";
import type { RegistryConfig } from "../config.ts";

/** A report of thousands of findings, each with its description. */
const MAX_BYTES = 32 * 1024 * 1024;
/** The most that Harbor gives at once. */
const PAGE_SIZE = 100;
const MAX_PAGES = 100;

/** Reports in the newer format, else in the older; Harbor gives the first that it has. */
export const REPORT_TYPES = [
  "application/vnd.security.vulnerability.report; version=1.1",
  "application/vnd.scanner.adapter.vuln.report.harbor+json; version=1.0",
] as const;

type Call = { method: "GET" | "POST" | "DELETE"; path: string; body?: unknown };
type Answer = { headers: Headers; body: Buffer };

/**
 * Exchanges with Harbor's API 2.0, paths below `/api/v2.0`. The account is sent at once, as Harbor answers some calls
 * to nobody in particular with less; no redirect is followed with it. A page in HTML (the portal of Harbor itself, a
 * proxy's) counts as no answer of an API.
 */
export function createHarborApi(config: RegistryConfig) {
  const root = new URL(config.url);
  const what = `Harbor ${root.host}`;

  async function exchange({ method, path, body }: Call, options: CallOptions): Promise<Answer | null> {
    const headers = new Headers({
      accept: "application/json",
      "x-accept-vulnerabilities": REPORT_TYPES.join(", "),
      // A project of the name "2026" is not the one of that number.
      "x-is-resource-name": "true",
    });
    if (config.credentials) {
      const { username, password } = config.credentials;
      headers.set("authorization", `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`);
    }
    if (body !== undefined) headers.set("content-type", "application/json");
    const timeout = AbortSignal.timeout(config.timeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
    try {
      const response = await fetch(new URL(`/api/v2.0${path}`, root), {
        method,
        headers,
        signal,
        redirect: "manual",
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const bytes = await readBytes(response, MAX_BYTES, what);
      if (response.status === 404) return null;
      if (!response.ok) throw refusal(response.status, bytes, what);
      return { headers: response.headers, body: bytes };
    } catch (error) {
      throw noAnswer(error, what);
    }
  }

  function parse<T>(schema: z.ZodType<T>, answer: Answer): T {
    try {
      return schema.parse(JSON.parse(answer.body.toString("utf8")));
    } catch (error) {
      throw unreadable(`${what} gave an answer that its API does not give`, error);
    }
  }

  return {
    what,
    /** Null for 404. Throws AdapterError for everything else that is not a success, or not of this shape. */
    async get<T>(path: string, schema: z.ZodType<T>, options: CallOptions = {}): Promise<T | null> {
      const answer = await exchange({ method: "GET", path }, options);
      return answer && parse(schema, answer);
    },
    /** All pages of a list, in its order; null for 404. `path` has a query already, or none. */
    async list<T>(path: string, item: z.ZodType<T>, options: CallOptions = {}): Promise<T[] | null> {
      const items: T[] = [];
      for (let page = 1; page <= MAX_PAGES; page += 1) {
        const joined = `${path}${path.includes("?") ? "&" : "?"}page=${page}&page_size=${PAGE_SIZE}`;
        const answer = await exchange({ method: "GET", path: joined }, options);
        if (!answer) return page === 1 ? null : items;
        const found = parse(z.array(item), answer);
        items.push(...found);
        if (found.length === 0 || !hasMore(answer.headers, items.length)) return items;
      }
      throw unreadable(`${what} pages its lists without end`);
    },
    /** The headers of a success; null for 404. Throws AdapterError `conflict` for 409. */
    async send(
      method: "POST" | "DELETE",
      path: string,
      body?: unknown,
      options: CallOptions = {},
    ): Promise<Headers | null> {
      return (await exchange({ method, path, body }, options))?.headers ?? null;
    },
  };
}
export type HarborApi = ReturnType<typeof createHarborApi>;

/** By `Link` where there is one, else by the number of all items. */
function hasMore(headers: Headers, seen: number): boolean {
  const link = headers.get("link");
  if (link !== null && link !== "") return /rel="?next"?/.test(link);
  return seen < Number(headers.get("x-total-count") ?? 0);
}

const errorsShape = z.object({ errors: z.array(z.object({ message: z.string() })).min(1) });

/** 412: a rule of the project forbids it, which nobody mends by trying again. Harbor's own words are short and safe. */
function refusal(status: number, body: Buffer, what: string): AdapterError {
  if (status === 412) return new AdapterError("forbidden", `${what}: ${wordsOf(body)}`, { status });
  return failureOf(status, what);
}

function wordsOf(body: Buffer): string {
  try {
    const [first] = errorsShape.parse(JSON.parse(body.toString("utf8"))).errors;
    return first?.message.slice(0, 300) ?? "";
  } catch {
    return "a rule of the project forbids it (412)";
  }
}

/**
 * Project and the rest of a repository's name, as the API's paths have them; null where there is no project. The rest
 * is encoded twice: Harbor's router decodes it once before it looks for slashes.
 */
export function placeOf(repository: string): { project: string; name: string; path: string } | null {
  const slash = repository.indexOf("/");
  if (slash <= 0 || slash === repository.length - 1) return null;
  const project = repository.slice(0, slash);
  const name = repository.slice(slash + 1);
  const encoded = encodeURIComponent(encodeURIComponent(name));
  return { project, name, path: `/projects/${encodeURIComponent(project)}/repositories/${encoded}` };
}
