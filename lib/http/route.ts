import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { AppError } from "#lib/errors.ts";
import { authenticate } from "./authenticate.ts";
import type { Endpoint } from "./endpoint.ts";
import { once, type StoredAnswer } from "./idempotency.ts";
import { parseInput, parseJson, readBody } from "./input.ts";
import { problemResponse, toProblem } from "./problem.ts";

type Context = { params: Promise<Record<string, string>> };
type Input<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = {
  actor: Actor;
  params: z.output<P>;
  query: z.output<Q>;
  body: z.output<B>;
  request: Request;
};

/**
 * A route handler from an endpoint: who calls, parse, one service call, JSON. The answer passes through its schema,
 * so nothing leaves that the schema does not name. A handler may return a `Response` of its own (streams, text).
 */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, A>,
  handle: (input: Input<P, Q, B>) => Promise<z.input<A> | Response>,
): (request: Request, context: Context) => Promise<Response> {
  return async (request, context) => {
    const requestId = randomUUID();
    try {
      const actor = await authenticate(request, requestId);
      const url = new URL(request.url);
      const params = parseInput(endpoint.params, await context.params, "path");
      const query = parseInput(endpoint.query, Object.fromEntries(url.searchParams), "query");
      const text = endpoint.body ? await readBody(request) : "";
      const body = parseInput(endpoint.body, endpoint.body ? parseJson(text) : undefined, "body");
      const run = async (): Promise<StoredAnswer | Response> => {
        const result = await handle({ actor, params, query, body, request });
        if (result instanceof Response) return result;
        const status = endpoint.status ?? 200;
        return { status, body: endpoint.answer ? endpoint.answer.parse(result) : null };
      };
      const key = request.method === "GET" ? null : request.headers.get("idempotency-key");
      const answer = key
        ? await once(
            {
              userId: actor.id,
              key: key.slice(0, 200),
              method: request.method,
              path: url.pathname,
              body: text,
            },
            async () => {
              const first = await run();
              if (first instanceof Response)
                throw new AppError("INVALID_INPUT", "this call takes no Idempotency-Key");
              return first;
            },
          )
        : await run();
      if (answer instanceof Response) return answer;
      const headers = { "cache-control": "no-store", "x-request-id": requestId };
      if (answer.body === null) return new Response(null, { status: 204, headers });
      return Response.json(answer.body, { status: answer.status, headers });
    } catch (error) {
      return problemResponse(toProblem(error, requestId));
    }
  };
}
