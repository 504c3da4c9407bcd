import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { hostname } from "node:os";
import { extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { log } from "./log.mjs";
import { settings } from "./settings.mjs";

const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
const root = fileURLToPath(new URL("./public", import.meta.url));
const version = JSON.parse(readFileSync(new URL("./version.json", import.meta.url), "utf8"));

// The whole site is read once: a request can only name a file that was there at the start.
const pages = new Map();
for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = join(entry.parentPath, entry.name);
  pages.set(`/${relative(root, file)}`, readFileSync(file));
}

function send(response, status, type, body, cache = "no-store") {
  response.writeHead(status, { "content-type": `${type}; charset=utf-8`, "cache-control": cache });
  response.end(body);
}

const server = createServer((request, response) => {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  const page = pages.get(path === "/" ? "/index.html" : path);
  if (path === "/healthz") send(response, 200, "application/json", '{"status":"ok"}\n');
  else if (path === "/version") {
    const body = { ...version, host: hostname(), environment: settings.environment };
    send(response, 200, "application/json", `${JSON.stringify(body)}\n`);
  } else if (page) {
    const cache = path.startsWith("/assets/") ? "max-age=31536000, immutable" : "no-cache";
    send(response, 200, TYPES[extname(path)] ?? "text/html", page, cache);
  } else send(response, 404, "text/plain", "没有这个页面\n");
  log(path === "/healthz" ? "debug" : "info", `${request.method} ${path}`, { status: response.statusCode });
});

server.listen(settings.port, settings.host, () => {
  log("info", `${version.name} ${version.version} serves ${pages.size} files`, { port: settings.port });
});

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => {
    log("info", `${signal}: finishing open requests`);
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), settings.shutdownMs).unref();
  });
}
