import type { IncomingMessage, ServerResponse } from "node:http";
import type { z } from "zod";

/** A refusal in the words of Harbor's API: `{errors:[{code, message}]}`. */
export class HarborError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const notFound = (what: string) => new HarborError(404, "NOT_FOUND", `${what} not found`);

/** Writes JSON, or nothing for a status alone. */
export function send(
  response: ServerResponse,
  status: number,
  body?: unknown,
  headers: Record<string, string> = {},
): void {
  const text = body === undefined ? "" : JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    ...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

/** One page of a list, with the number of all and the way to the next, as Harbor tells them. */
export function sendPage(response: ServerResponse, url: URL, items: readonly unknown[]): void {
  const number = (name: string, usual: number) => Number(url.searchParams.get(name) ?? usual);
  const [page, size] = [number("page", 1), number("page_size", 10)];
  if (!(page >= 1) || !(size >= 1) || size > 100)
    throw new HarborError(
      422,
      "UNPROCESSABLE_ENTITY",
      "page_size in query should be less than or equal to 100",
    );
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams(url.searchParams);
    query.set("page", String(to));
    query.set("page_size", String(size));
    return `<${url.pathname}?${query}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, "prev")] : []),
    ...(page * size < items.length ? [link(page + 1, "next")] : []),
  ];
  send(response, 200, items.slice((page - 1) * size, page * size), {
    "x-total-count": String(items.length),
    ...(links.length > 0 ? { link: links.join(", ") } : {}),
  });
}

const MAX_BYTES = 1024 * 1024;

export async function readJson<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BYTES) throw new HarborError(413, "REQUEST_TOO_LARGE", "the body is too large");
    chunks.push(bytes);
  }
  try {
    return schema.parse(JSON.parse(Buffer.concat(chunks).toString("utf8")));
  } catch {
    throw new HarborError(422, "UNPROCESSABLE_ENTITY", "the body cannot be read");
  }
}
