import { randomUUID } from "node:crypto";
import type { NextApiHandler, NextApiRequest } from "next";
import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { sessionActorOf } from "#lib/access/session.ts";
import { authenticate } from "./authenticate.ts";
import { endAtShutdown } from "./end-at-shutdown.ts";
import type { Endpoint } from "./endpoint.ts";
import { EventStream } from "./event-stream.ts";
import { parseInput } from "./input.ts";
import { problemResponse, toProblem } from "./problem.ts";

const METHODS = ["GET", "HEAD", "OPTIONS"];
/** Of an answer that never ends and that no proxy may hold back. */
const STREAM_HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
} as const;

type Input<P extends z.ZodType, Q extends z.ZodType> = {
  actor: Actor;
  params: z.output<P>;
  query: z.output<Q>;
  request: Request;
};

/**
 * `route` for an endpoint that answers with Server-Sent Events. It is a Pages Router handler, because those are given
 * Node's own response: a route handler's stream costs several promises a reader and message.
 * @param handle finds what may be told, or throws; @returns tells it
 */
export function streamRoute<P extends z.ZodType, Q extends z.ZodType>(
  endpoint: Endpoint<P, Q>,
  handle: (input: Input<P, Q>) => Promise<(out: EventStream) => void>,
): NextApiHandler {
  return async (incoming, response) => {
    const method = incoming.method ?? "GET";
    if (!METHODS.includes(method)) return response.writeHead(405).end();
    if (method === "OPTIONS") return response.writeHead(204, { allow: METHODS.join(", ") }).end();
    const requestId = randomUUID();
    try {
      const request = requestOf(incoming);
      const actor = await authenticate(request, requestId, (id) => sessionActorOf(incoming, id));
      const params = parseInput(endpoint.params, paramsOf(endpoint, incoming), "path");
      const { searchParams } = new URL(request.url);
      const query = parseInput(endpoint.query, Object.fromEntries(searchParams), "query");
      const tell = await handle({ actor, params, query, request });
      response.writeHead(200, STREAM_HEADERS);
      endAtShutdown(response);
      const out = new EventStream(response);
      tell(out);
      if (method === "HEAD") out.end();
    } catch (error) {
      const problem = problemResponse(toProblem(error, requestId));
      if (response.headersSent) response.destroy();
      else response.writeHead(problem.status, Object.fromEntries(problem.headers)).end(await problem.text());
    }
  };
}

/** A call as route handlers know it. It has no body: it is a GET. */
function requestOf({ url = "", headers }: NextApiRequest): Request {
  const known = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    for (const one of [value ?? []].flat()) known.append(name, one);
  }
  return new Request(new URL(`http://localhost${url}`), { headers: known });
}

/** Next puts what the path names among the query, where it comes before what the query says. */
function paramsOf(endpoint: Endpoint, { query }: NextApiRequest): Record<string, unknown> {
  const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);
  return Object.fromEntries(names.map((name) => [name, query[name]]));
}
