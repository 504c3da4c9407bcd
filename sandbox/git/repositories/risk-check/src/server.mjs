import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { hostname } from "node:os";
import { loadLimits } from "./limit-source.mjs";
import { log } from "./log.mjs";
import { check } from "./rules.mjs";
import { settings } from "./settings.mjs";

const version = JSON.parse(readFileSync(new URL("./version.json", import.meta.url), "utf8"));
log("info", `${version.name} ${version.version} starts`, { commit: version.commit });
const limits = await loadLimits();
log("info", "limits loaded", { singleOrderAmount: limits.singleOrderAmount });
const startedAt = new Date().toISOString();
let checks = 0;

function orderOf(query) {
  return {
    symbol: query.get("symbol") ?? "",
    price: Number(query.get("price")),
    quantity: Number(query.get("quantity")),
    reference: Number(query.get("reference") ?? 0),
  };
}

function answer(url) {
  if (url.pathname === "/") {
    return [200, { ...version, host: hostname(), environment: settings.environment, startedAt, checks }];
  }
  if (url.pathname === "/healthz") return [200, { status: "ok" }];
  if (url.pathname === "/version") return [200, version];
  if (url.pathname === "/limits") return [200, limits];
  if (url.pathname === "/check") {
    checks += 1;
    return [200, check(orderOf(url.searchParams), limits)];
  }
  return [404, { error: `no ${url.pathname} here` }];
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  const [status, body] = answer(url);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
  });
  response.end(`${JSON.stringify(body)}\n`);
  log(url.pathname === "/healthz" ? "debug" : "info", `${request.method} ${url.pathname}`, { status });
});

server.listen(settings.port, settings.host, () => {
  log("info", "listens", { host: settings.host, port: settings.port });
});

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => {
    log("info", `${signal}: finishing open requests`);
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), settings.shutdownMs).unref();
  });
}
