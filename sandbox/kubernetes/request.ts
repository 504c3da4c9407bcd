import type { IncomingMessage, ServerResponse } from "node:http";
import { stringify } from "yaml";
import { ApiError, errors } from "./errors.ts";
import type { Json } from "./json.ts";
import type { Resource } from "./resources.ts";
import { findResource } from "./resources.ts";
import type { User } from "./users.ts";

/** Where a URL points: a resource, maybe an object, maybe something below it. */
export interface Target {
  resource: Resource;
  namespace: string;
  name: string;
  subresource: string;
  /** What follows the subresource: the path of a proxied request, with its leading slash. */
  rest: string;
}

export interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  query: URLSearchParams;
  user: User;
  warnings: string[];
}

/** Splits `/apis/apps/v1/namespaces/n/deployments/d/scale`; undefined where no such resource is served. */
export function parseTarget(path: string): Target | undefined {
  const parts = path.split("/").slice(1).map(decodeURIComponent);
  const root = parts.shift();
  const apiVersion = root === "api" ? parts.shift() : `${parts.shift()}/${parts.shift()}`;
  if (apiVersion === undefined) return undefined;
  let namespace = "";
  // /namespaces/x/status is a subresource of the namespace, /namespaces/x/pods is not.
  const below = parts[2];
  const inNamespace =
    parts[0] === "namespaces" && below !== undefined && !["status", "finalize"].includes(below);
  if (inNamespace) {
    namespace = parts[1] ?? "";
    parts.splice(0, 2);
  }
  const [plural = "", name = "", subresource = "", ...rest] = parts;
  const resource = findResource(apiVersion, plural);
  if (!resource || (inNamespace && !resource.namespaced)) return undefined;
  if (subresource !== "" && !resource.subresources.includes(subresource)) return undefined;
  return { resource, namespace, name, subresource, rest: rest.length > 0 ? `/${rest.join("/")}` : "" };
}

/** The whole body as text. Throws 413 beyond 3 MiB, as the real server does. */
export function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on("error", reject);
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY) chunks.push(chunk);
    });
    // The rest is read and thrown away, so that the connection can go on.
    request.on("end", () => {
      if (size <= MAX_BODY) resolve(Buffer.concat(chunks).toString("utf8"));
      else {
        const message = `Request entity too large: limit is ${MAX_BODY}`;
        reject(new ApiError(413, "RequestEntityTooLarge", message));
      }
    });
  });
}

const MAX_BODY = 3 * 1024 * 1024;

export type Format = "json" | "yaml";
/** The answer a client accepts: encoding, and whether as the object, a table or metadata only. */
export interface Accepted {
  format: Format;
  as: "object" | "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList";
}

/** Reads the Accept header; throws the 406 when nothing in it can be served. */
export function negotiate(request: IncomingMessage): Accepted {
  const header = request.headers.accept;
  if (!header) return { format: "json", as: "object" };
  for (const clause of header.split(",")) {
    const [media = "", ...parameters] = clause.split(";").map((part) => part.trim());
    const as = parameters.find((part) => part.startsWith("as="))?.slice(3);
    const yaml = media === "application/yaml";
    if (!yaml && !["application/json", "*/*", "application/*"].includes(media)) continue;
    const format = yaml ? "yaml" : "json";
    if (as === undefined) return { format, as: "object" };
    if (as === "Table" || as === "PartialObjectMetadata" || as === "PartialObjectMetadataList")
      return { format, as };
  }
  throw errors.notAcceptable();
}

/** Sends a JSON (or YAML) body with the headers of the real server. */
export function send(
  call: Call,
  status: number,
  body: Json,
  options: { format?: Format; headers?: Record<string, string> } = {},
): void {
  const yaml = options.format === "yaml";
  const text = yaml ? stringify(body) : `${JSON.stringify(body)}\n`;
  const { response } = call;
  if (response.headersSent) {
    response.end();
    return;
  }
  const quoted = call.warnings.map(
    (text) => `299 - "${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`,
  );
  response.writeHead(status, {
    "cache-control": "no-cache, private",
    "content-type": yaml ? "application/yaml" : "application/json",
    "content-length": Buffer.byteLength(text),
    ...(quoted.length > 0 ? { warning: quoted.join(", ") } : {}),
    ...options.headers,
  });
  response.end(text);
}

/** Who writes: fieldManager, else the program name of the user agent. */
export function managerOf(call: Call): string {
  const named = call.query.get("fieldManager");
  if (named) return named;
  const agent = (call.request.headers["user-agent"] ?? "").split("/")[0] ?? "";
  return agent === "" ? "unknown" : agent.slice(0, 128);
}

export function isDryRun(call: Call): boolean {
  return call.query.getAll("dryRun").includes("All");
}

/** `true`, `1` and the bare parameter count as yes. */
export function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== "false" && value !== "0";
}
