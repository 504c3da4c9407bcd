import { mkdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Account, assertAuthorized, assertToken, type TokenService } from "./auth.ts";
import { handleBlob } from "./blobs.ts";
import { methodNotAllowed, nameUnknown, RegistryError, sendError } from "./errors.ts";
import { answerHarbor, type HarborOptions } from "./harbor/api.ts";
import { openState } from "./harbor/state.ts";
import { handleManifest } from "./manifests.ts";
import { matchRoute, type Route } from "./routes.ts";
import { openStore, type Store } from "./store.ts";
import { continueUpload, startUpload } from "./uploads.ts";

export interface RegistryOptions {
  /** 0 picks a free port. */
  port: number;
  /** Folder for blobs, manifests and tags; made if missing. */
  dataDir: string;
  /** With both, every call needs these Basic credentials. */
  user?: string;
  password?: string;
  /** Every call needs a token of this service instead. */
  tokens?: TokenService;
  /** Answers Harbor's API 2.0 beside the distribution's. */
  harbor?: HarborOptions;
}

export interface RunningRegistry {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** Starts an OCI distribution registry on 127.0.0.1. Rejects if the port is taken. */
export async function startRegistry(options: RegistryOptions): Promise<RunningRegistry> {
  await mkdir(options.dataDir, { recursive: true });
  const store = openStore(options.dataDir);
  const account =
    options.user !== undefined && options.password !== undefined
      ? { user: options.user, password: options.password }
      : undefined;
  const state = options.harbor && (await openState(options.dataDir));
  const { robots = [], scanMs = 0 } = options.harbor ?? {};
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "127.0.0.1"}`);
    const answered =
      state && url.pathname.startsWith("/api/v2.0/")
        ? answerHarbor({ request, response, url, store, harbor: state, robots, scanMs })
        : answer(request, response, { store, account, tokens: options.tokens });
    answered.catch((error: unknown) => fail(request, response, error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : options.port;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  {
    store,
    account,
    tokens,
  }: { store: Store; account: Account | undefined; tokens: TokenService | undefined },
): Promise<void> {
  const origin = `http://${request.headers.host ?? "127.0.0.1"}`;
  const url = new URL(request.url ?? "/", origin);
  response.setHeader("docker-distribution-api-version", "registry/2.0");
  const route = matchRoute(url.pathname);
  if (!route) {
    const text = "404 page not found\n";
    response.writeHead(404, { "content-type": "text/plain; charset=utf-8", "content-length": text.length });
    response.end(text);
    return;
  }
  if (account) assertAuthorized(request, route, account);
  if (tokens) assertToken(request, route, tokens);
  await dispatch(route, { request, response, store, origin, query: url.searchParams });
}

interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  store: Store;
  origin: string;
  query: URLSearchParams;
}

async function dispatch(route: Route, call: Call): Promise<void> {
  switch (route.kind) {
    case "manifest":
      return handleManifest({ ...call, name: route.name, reference: route.reference });
    case "blob":
      return handleBlob({ ...call, name: route.name, digest: route.digest });
    case "uploads":
      return startUpload({ ...call, name: route.name });
    case "upload":
      return continueUpload({ ...call, name: route.name }, route.id);
    default:
      return list(route, call);
  }
}

/** The three read-only routes. `n` is ignored for tags, and a repository without tags says `null`, as recorded. */
async function list(
  route: Extract<Route, { kind: "base" | "catalog" | "tags" }>,
  { request, response, store }: Call,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") throw methodNotAllowed();
  if (route.kind === "base") return sendJson(response, "{}");
  if (route.kind === "catalog")
    return sendJson(response, `${JSON.stringify({ repositories: await store.repositories() })}\n`);
  const tags = await store.tags(route.name);
  if (!tags) throw nameUnknown(route.name);
  sendJson(response, `${JSON.stringify({ name: route.name, tags: tags.length > 0 ? tags : null })}\n`);
}

function sendJson(response: ServerResponse, body: string): void {
  response.writeHead(200, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  // What a refused upload still sends has to be read, or the client sees a broken pipe instead of the answer.
  request.resume();
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof RegistryError) {
    sendError(response, error);
    return;
  }
  process.stderr.write(`registry: ${error instanceof Error ? error.stack : String(error)}\n`);
  sendError(response, new RegistryError(500, "UNKNOWN", "unknown error", {}));
}
