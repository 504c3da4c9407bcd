import type { IncomingMessage } from "node:http";
import type { Identity } from "./accounts.ts";
import type { Answer } from "./pages.ts";
import { JENKINS_VERSION, oops } from "./pages.ts";
import type { Json } from "./tree.ts";
import { parseTree, prune, TreeError } from "./tree.ts";

/** One request, read and identified; `segments` is the decoded path without a trailing slash. */
export interface Exchange {
  message: IncomingMessage;
  method: string;
  path: string;
  segments: string[];
  query: URLSearchParams;
  form: URLSearchParams;
  body: Buffer;
  identity: Identity;
}

const BODY_LIMIT = 4 * 1024 * 1024;

/** Thrown where a request body is longer than the server takes. */
export class BodyTooLarge extends Error {}

/** @throws {BodyTooLarge} above 4 MiB. */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message) {
    const part = Buffer.from(chunk);
    length += part.length;
    if (length > BODY_LIMIT) throw new BodyTooLarge();
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}

/** The fields of a form body; empty for any other content type. */
export function readForm(message: IncomingMessage, body: Buffer): URLSearchParams {
  const type = message.headers["content-type"] ?? "";
  return new URLSearchParams(
    type.startsWith("application/x-www-form-urlencoded") ? body.toString("utf8") : "",
  );
}

/** A request parameter: the query string goes before the form. */
export function parameter(exchange: Exchange, name: string): string | null {
  return exchange.query.get(name) ?? exchange.form.get(name);
}

/** Answers a model as JSON, cut down by the request's `tree` or by the default one. */
export function jsonAnswer(exchange: Exchange, model: Json, defaultTree: string, logId: string): Answer {
  let shown: Json;
  try {
    shown = prune(model, parseTree(parameter(exchange, "tree") ?? defaultTree));
  } catch (error) {
    if (error instanceof TreeError) return oops(500, logId);
    throw error;
  }
  const pretty = parameter(exchange, "pretty") === "true" ? 2 : undefined;
  return {
    status: 200,
    headers: { "x-jenkins": JENKINS_VERSION, "content-type": "application/json;charset=utf-8" },
    body: JSON.stringify(shown, null, pretty),
  };
}
