import type { z } from "zod";
import type { Endpoint } from "./endpoint.ts";
import type { Problem } from "./problem.ts";

/** What a refused or failed call throws in the browser. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.name = "ProblemError";
    this.problem = problem;
  }
}

type Input<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = {
  params?: z.input<P>;
  query?: z.input<Q>;
  body?: z.input<B>;
  signal?: AbortSignal;
  /** `low` for what is nice to have: a browser sends six calls at a time, and a click must not wait behind many of these. */
  priority?: RequestPriority;
  /** For a click: a repeat with the same key does nothing twice. */
  idempotencyKey?: string;
};

/** Path of a call with its parameters filled in, from the site's root. */
export function urlOf(endpoint: Endpoint, input: { params?: unknown; query?: unknown }): string {
  const params = (input.params ?? {}) as Record<string, string>;
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ""),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  return `/api/v1${path}${search.size > 0 ? `?${search}` : ""}`;
}

/**
 * Calls the API from the browser as its endpoint says.
 * @throws ProblemError; also when the server cannot be reached (code `OFFLINE`)
 */
export async function call<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  A extends z.ZodType,
>(endpoint: Endpoint<P, Q, B, A>, input: Input<P, Q, B> = {}): Promise<z.output<A>> {
  let response: Response;
  try {
    response = await fetch(urlOf(endpoint as Endpoint, input), {
      method: endpoint.method,
      headers: {
        accept: "application/json",
        ...(input.body === undefined ? {} : { "content-type": "application/json" }),
        ...(input.idempotencyKey ? { "idempotency-key": input.idempotencyKey } : {}),
      },
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
      ...(input.signal ? { signal: input.signal } : {}),
      ...(input.priority ? { priority: input.priority } : {}),
    });
  } catch (error) {
    if (input.signal?.aborted) throw error;
    throw new ProblemError({
      type: "urn:refract:problem:offline",
      title: "OFFLINE",
      status: 0,
      code: "OFFLINE",
      detail: "the portal cannot be reached",
      requestId: "",
    });
  }
  if (!response.ok) throw new ProblemError(await problemOf(response));
  // The server's answer passed the endpoint's schema before it left; parsing it here again would ship zod to every page.
  return (response.status === 204 ? undefined : await response.json()) as z.output<A>;
}

async function problemOf(response: Response): Promise<Problem> {
  const requestId = response.headers.get("x-request-id") ?? "";
  try {
    if (response.headers.get("content-type")?.includes("json")) return (await response.json()) as Problem;
  } catch {
    // Falls through: a proxy's page, not ours.
  }
  return {
    type: "about:blank",
    title: "INTERNAL",
    status: response.status,
    code: "INTERNAL",
    detail: `HTTP ${response.status}`,
    requestId,
  };
}
