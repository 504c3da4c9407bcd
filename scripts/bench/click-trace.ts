import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import { z } from "zod";
import type { Asked, Click, Part } from "./click-parts.ts";

// Loaded by the bench into the web server, and by nobody else: it writes down when each click asked whom.

const file = process.env.BENCH_CLICKS;
const clicks = new AsyncLocalStorage<Click>();
const clock = (): number => performance.timeOrigin + performance.now();
const CLICK = /\/(build|rebuild)$/;

function begin(part: Part, what: string): () => void {
  const click = clicks.getStore();
  if (!click) return () => undefined;
  const asked: Asked = { part, what, start: clock(), end: null };
  click.asked.push(asked);
  return () => {
    asked.end = clock();
  };
}

type Client = { query(...given: unknown[]): unknown };
/** Watches the questions of the database client that the server itself loads. */
function watchDatabase(server: string): void {
  const { Client }: { Client: { prototype: Client } } = createRequire(server)("pg");
  const query = Client.prototype.query;
  Client.prototype.query = function (this: Client, ...given: unknown[]) {
    const text = z.union([z.string(), z.object({ text: z.string() })]).safeParse(given[0]).data ?? "";
    const done = begin("sql", (typeof text === "string" ? text : text.text).trim().slice(0, 120));
    const then = given.at(-1);
    const told = (...answer: unknown[]) => {
      done();
      if (typeof then === "function") then(...answer);
    };
    // The pool gives a callback, a transaction waits for a promise.
    const asked = typeof then === "function" ? [...given.slice(0, -1), told] : given;
    const answer = query.apply(this, asked);
    if (answer instanceof Promise) answer.then(done, done);
    return answer;
  };
}

const requestSchema = z.object({ path: z.string() });
// The very object, not a copy: it is known again by what it is.
const messageSchema = z.object({ request: z.custom<object>() });
const outgoing = new WeakMap<object, () => void>();

function watchRequests(): void {
  subscribe("undici:request:create", (message) => {
    const { request } = messageSchema.parse(message);
    const { path } = requestSchema.parse(request);
    outgoing.set(request, begin(path.includes("git-upload-pack") ? "git" : "jenkins", path));
  });
  subscribe("undici:request:headers", (message) => outgoing.get(messageSchema.parse(message).request)?.());
}

function watchClicks(path: string): void {
  const incomingSchema = z.object({
    request: z.custom<IncomingMessage>(),
    response: z.custom<NodeJS.EventEmitter>(),
  });
  subscribe("http.server.request.start", (message) => {
    const { request, response } = incomingSchema.parse(message);
    if (request.method !== "POST" || !CLICK.test(request.url ?? "")) return;
    const click: Click = { path: request.url ?? "", start: clock(), asked: [] };
    clicks.enterWith(click);
    response.once("finish", () => appendFileSync(path, `${JSON.stringify(click)}\n`));
  });
}

const server = process.argv[1];
if (file && server?.endsWith("server.js")) {
  watchDatabase(server);
  watchRequests();
  watchClicks(file);
}
