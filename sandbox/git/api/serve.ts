import type { IncomingMessage, ServerResponse } from "node:http";
import { findRepository } from "../store.ts";
import type { ApiAnswer, ApiQuestion } from "./answer.ts";
import { answerGitea } from "./gitea.ts";
import { answerGitHub } from "./github.ts";
import { answerGitLab } from "./gitlab.ts";
import { openRepository } from "./repository.ts";

export type ApiOptions = { dataDir: string; user?: string; password?: string };

/** Where each vendor has its API, and how a token is sent there. */
const VENDORS = [
  { root: "/api/v4", answer: answerGitLab, token: (headers: Headers) => headers.get("private-token") },
  { root: "/api/v1", answer: answerGitea, token: (headers: Headers) => schemeOf(headers, "token") },
  { root: "/api/v3", answer: answerGitHub, token: (headers: Headers) => schemeOf(headers, "Bearer") },
] as const;

function schemeOf(headers: Headers, scheme: string): string | null {
  const text = headers.get("authorization");
  return text?.startsWith(`${scheme} `) === true ? text.slice(scheme.length + 1) : text;
}

/** A limit of calls: how many are left, and when it begins anew. */
export type ApiLimit = { left: number; resetAt: number };

/** Answers a call of one of the APIs over the same repositories; false when the path is not one of theirs. */
export async function serveApi(
  request: IncomingMessage,
  response: ServerResponse,
  options: ApiOptions,
  limit: ApiLimit | null,
): Promise<boolean> {
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "localhost"}`);
  const vendor = VENDORS.find(({ root }) => url.pathname.startsWith(`${root}/`));
  if (!vendor) return false;
  request.resume();
  if (limit !== null && limit.left <= 0) {
    const github = vendor.root === "/api/v3";
    const reset = String(Math.ceil(limit.resetAt / 1000));
    send(response, {
      status: github ? 403 : 429,
      body: { message: github ? "API rate limit exceeded for user ID 5." : "Retry later" },
      headers: github
        ? { "x-ratelimit-limit": "60", "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset }
        : { "ratelimit-remaining": "0", "ratelimit-reset": reset },
    });
    return true;
  }
  if (limit !== null) limit.left -= 1;
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const token = vendor.token(headers);
  const open = options.password === undefined;
  const known = !open && token === options.password;
  if (token !== null && !open && !known) {
    send(response, { status: 401, body: { message: "Bad credentials" } });
    return true;
  }
  const question: ApiQuestion = {
    path: url.pathname.slice(vendor.root.length),
    query: url.searchParams,
    base: `${url.origin}${vendor.root}`,
    user: known ? (options.user ?? "robot") : token === null ? null : "robot",
    trusted: open || known,
    open: (name) => {
      const folder = findRepository(options.dataDir, name);
      return folder === undefined ? undefined : openRepository(folder);
    },
  };
  send(response, await vendor.answer(question));
  return true;
}

function send(response: ServerResponse, { status, body, headers }: ApiAnswer): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body));
}
