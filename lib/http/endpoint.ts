import type { z } from "zod";

/** One call of the HTTP API as data: validates requests, shapes answers, and writes the OpenAPI document. */
export type Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/api/v1`, with `{name}` for parameters. */
  path: string;
  summary: string;
  tag: string;
  params?: Params;
  query?: Query;
  body?: Body;
  /** Left out: 204, or a stream whose media type is `produces`. */
  answer?: Answer;
  status?: 200 | 201 | 202 | 204;
  /** Needs neither a session nor a token. */
  open?: true;
  /** Media type of an answer that is not JSON. */
  produces?: string;
};

/** Keeps the exact schema types of a definition. */
export const endpoint = <
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodUndefined,
>(
  definition: Endpoint<Params, Query, Body, Answer>,
): Endpoint<Params, Query, Body, Answer> => definition;
