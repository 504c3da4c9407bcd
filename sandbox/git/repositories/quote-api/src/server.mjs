import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { hostname } from "node:os";
import { log } from "./log.mjs";
import { quote, quotes } from "./quotes.mjs";
import { settings } from "./settings.mjs";

const version = JSON.parse(readFileSync(new URL("./version.json", import.meta.url), "utf8"));
const startedAt = new Date().toISOString();
let requests = 0;
let stopping = false;

function answer(path) {
  if (path === "/") {
    return [200, { ...version, host: hostname(), environment: settings.environment, startedAt, requests }];
  }
  if (path === "/healthz") return stopping ? [503, { status: "stopping" }] : [200, { status: "ok" }];
  if (path === "/version") return [200, version];
  if (path === "/quotes") return [200, quotes()];
  const found = path.startsWith("/quotes/")
    ? quote(decodeURIComponent(path.slice("/quotes/".length)))
    : undefined;
  return found ? [200, found] : [404, { error: `no ${path} here` }];
}

const server = createServer((request, response) => {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  const [status, body] = answer(path);
  requests += 1;
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": path.startsWith("/quotes") ? `max-age=${settings.cacheSeconds}` : "no-store",
  });
  response.end(`${JSON.stringify(body)}\n`);
  log(path === "/healthz" ? "debug" : "info", `${request.method} ${path}`, { status });
});

server.listen(settings.port, settings.host, () => {
  log("info", `${version.name} ${version.version} listens`, { host: settings.host, port: settings.port });
});

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => {
    stopping = true;
    log("info", `${signal}: finishing open requests`);
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), settings.shutdownMs).unref();
  });
}
