import { createHash, timingSafeEqual } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type ApiLimit, serveApi } from "./api/serve.ts";
import { advertise, isService, serve } from "./smart-http.ts";
import { findRepository, listRepositories } from "./store.ts";

export interface GitOptions {
  /** 0 picks a free port. */
  port: number;
  /** Folder of bare repositories `<name>.git`; made if missing. */
  dataDir: string;
  /** With both, every call needs these Basic credentials. */
  user?: string;
  password?: string;
}

export interface RunningGit {
  url: string;
  port: number;
  /** Lets the APIs answer so many more calls until a time (milliseconds since 1970); null: without end. */
  limitApi(limit: ApiLimit | null): void;
  close(): Promise<void>;
}

/**
 * Starts a Git smart-HTTP server (fetch and push) on 127.0.0.1, with the APIs of GitLab (`/api/v4`), Gitea (`/api/v1`)
 * and GitHub Enterprise (`/api/v3`) over its repositories; the password is their token. Rejects if the port is taken.
 */
export async function startGit(options: GitOptions): Promise<RunningGit> {
  await mkdir(options.dataDir, { recursive: true });
  let limit: ApiLimit | null = null;
  const server = createServer((request, response) => {
    serveApi(request, response, options, limit)
      .then((served) => (served ? undefined : answer(request, response, options)))
      .catch((error: unknown) => {
        process.stderr.write(`git: ${error instanceof Error ? error.stack : String(error)}\n`);
        if (response.headersSent) response.destroy();
        else sendText(response, 500, "internal error");
      });
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
    limitApi(next) {
      limit = next;
    },
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
  options: GitOptions,
): Promise<void> {
  if (!isAuthorized(request, options)) {
    response.setHeader("www-authenticate", 'Basic realm="Git"');
    request.resume();
    sendText(response, 401, "authentication required");
    return;
  }
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname === "/" && request.method === "GET") {
    response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
    response.end(`${JSON.stringify({ repositories: await listRepositories(options.dataDir) })}\n`);
    return;
  }
  const [, name, action] =
    /^\/(.+?)\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(url.pathname) ?? [];
  const repository = name ? findRepository(options.dataDir, decodeURIComponent(name)) : undefined;
  if (!repository || !action) {
    request.resume();
    sendText(response, 404, "repository not found");
    return;
  }
  if (request.method === "GET" && action === "info/refs") {
    const service = url.searchParams.get("service") ?? "";
    if (isService(service)) await advertise(request, response, service, repository);
    else sendText(response, 403, "only the smart protocol is spoken here");
  } else if (request.method === "POST" && isService(action)) {
    await serve(request, response, action, repository);
  } else {
    request.resume();
    sendText(response, 405, "method not allowed");
  }
}

function isAuthorized(request: IncomingMessage, { user, password }: GitOptions): boolean {
  if (user === undefined || password === undefined) return true;
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  return timingSafeEqual(digest(request.headers.authorization ?? ""), digest(expected));
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}
