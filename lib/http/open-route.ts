import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Endpoint } from "./endpoint.ts";
import { parseInput, parseJson, readText } from "./input.ts";
import { problemResponse, toProblem } from "./problem.ts";

type Context = { params: Promise<Record<string, string>> };

/**
 * A route handler for an endpoint that other systems call without a session: who they are, the handler finds out from
 * headers and from the body as it came. Everything else is as in `route`.
 * @param handle reads the body, once, and parses it only when it knows the caller
 */
export function openRoute<P extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  endpoint: Endpoint<P, z.ZodType, B, A>,
  handle: (input: {
    params: z.output<P>;
    headers: Headers;
    read: () => Promise<string>;
    parse: (text: string) => z.output<B>;
  }) => Promise<z.input<A>>,
): (request: Request, context: Context) => Promise<Response> {
  return async (request, context) => {
    const requestId = randomUUID();
    try {
      const params = parseInput(endpoint.params, await context.params, "path");
      // Whatever it says to be: what is no JSON is told when it is parsed, to a caller who is known.
      const parse = (text: string) => parseInput(endpoint.body, parseJson(text), "body");
      const read = () => readText(request);
      const result = await handle({ params, headers: request.headers, read, parse });
      const headers = { "cache-control": "no-store", "x-request-id": requestId };
      return Response.json(endpoint.answer?.parse(result), { status: endpoint.status ?? 200, headers });
    } catch (error) {
      return problemResponse(toProblem(error, requestId));
    }
  };
}
