import type { IncomingMessage, ServerResponse } from "node:http";
import { deleteObject, deleteOptions } from "./deletion.ts";
import { discover } from "./discovery.ts";
import { ApiError, errors } from "./errors.ts";
import type { Node } from "./node/node.ts";
import { streamLog } from "./pod-log.ts";
import { forward } from "./proxy.ts";
import type { Registry } from "./registry.ts";
import type { Call, Target } from "./request.ts";
import { flag, isDryRun, negotiate, parseTarget, send } from "./request.ts";
import { review } from "./reviews.ts";
import { scale } from "./scale.ts";
import { requestToken } from "./token-requests.ts";
import type { User } from "./users.ts";
import { ANONYMOUS, authorize, denial } from "./users.ts";
import type { Context } from "./verbs.ts";
import { create, patch, read, remove, replace, require } from "./verbs.ts";

export interface Api {
  registry: Registry;
  node: Node;
  users: Map<string, User>;
  closing: AbortSignal;
}

const OPEN = /^\/(version\/?|healthz|livez|readyz)$/;
const REVIEWS = /^(self)?subject(access|rules)?reviews$/;

/** Answers one HTTP request. Never throws: a failure becomes a Status. */
export async function handle(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://cluster");
  const call: Call = { request, response, url, query: url.searchParams, user: ANONYMOUS, warnings: [] };
  try {
    await route(api, call);
  } catch (error) {
    if (!(error instanceof ApiError))
      process.stderr.write(`${request.method} ${request.url}: ${String(error)}\n`);
    const failure =
      error instanceof ApiError
        ? error
        : new ApiError(500, "InternalError", `Internal error occurred: ${String(error)}`, {
            causes: [{ reason: "", message: String(error) }],
          });
    send(call, failure.code, failure.status(), { headers: failure.headers });
  }
}

async function route(api: Api, call: Call): Promise<void> {
  const path = call.url.pathname;
  call.user = authenticate(api, call.request);
  const anonymous = call.user === ANONYMOUS;
  if ((!anonymous || OPEN.test(path)) && call.request.method === "GET" && discover(call, path)) return;
  const target = parseTarget(path);
  if (!target) {
    const known = /^\/apis?\/[^/]+\/./.test(path);
    if (known || anonymous) throw errors.notServed();
    call.response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("404 page not found\n");
    return;
  }
  const verb = verbOf(call, target);
  const context: Context = {
    registry: api.registry,
    closing: api.closing,
    authorize: (wanted) => refuse(api, call, target, wanted),
  };
  context.authorize(verb);
  if (target.subresource === "proxy") return forward(api.registry, api.node, target, call);
  if (!allows(target, call, verb)) throw errors.methodNotAllowed();
  const logs = target.subresource === "log";
  const accepted = logs ? ({ format: "json", as: "object" } as const) : negotiate(call.request);
  if (logs) return streamLog(api.node, require(context, target), call);
  if (target.subresource === "scale") return scale(context, target, call, accepted);
  if (target.subresource === "token") return requestToken(api.users, require(context, target), call);
  if (target.subresource === "eviction") {
    const options = deleteOptions({}, call.query, isDryRun(call));
    deleteObject(api.registry.store, target.resource, require(context, target), options);
    return send(call, 201, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 });
  }
  if (REVIEWS.test(target.resource.name)) return review(api.registry, target, call);
  switch (call.request.method) {
    case "GET":
      return read(context, target, call, accepted);
    case "POST":
      return create(context, target, call, accepted);
    case "PUT":
      return replace(context, target, call, accepted);
    case "PATCH":
      return patch(context, target, call, accepted);
    case "DELETE":
      return remove(context, target, call, accepted);
    default:
      throw errors.methodNotAllowed();
  }
}

function authenticate(api: Api, request: IncomingMessage): User {
  const header = request.headers.authorization;
  if (!header) return ANONYMOUS;
  const user = api.users.get(header.replace(/^Bearer\s+/i, ""));
  if (!user) throw errors.unauthorized();
  return user;
}

function verbOf(call: Call, target: Target): string {
  const { method } = call.request;
  if (method === "GET") {
    if (flag(call.query, "watch")) return "watch";
    return target.name === "" ? "list" : "get";
  }
  if (method === "POST") return "create";
  if (method === "PUT") return "update";
  if (method === "PATCH") return "patch";
  return target.name === "" ? "deletecollection" : "delete";
}

/** Whether the method makes sense here: no POST on an object, no PUT on a list, only the served verbs. */
function allows(target: Target, call: Call, verb: string): boolean {
  const { method } = call.request;
  if (["eviction", "binding", "token"].includes(target.subresource)) return method === "POST";
  if (target.subresource === "log") return method === "GET";
  if (target.subresource !== "") return method === "GET" || method === "PUT" || method === "PATCH";
  if (method === "POST" && (target.name !== "" || (target.resource.namespaced && target.namespace === ""))) {
    return false;
  }
  if ((method === "PUT" || method === "PATCH") && target.name === "") return false;
  return target.resource.verbs.includes(verb);
}

function refuse(api: Api, call: Call, target: Target, verb: string): void {
  const { resource, subresource, namespace, name } = target;
  const wanted = {
    verb,
    group: resource.group,
    resource: subresource === "" ? resource.name : `${resource.name}/${subresource}`,
    namespace: resource.name === "namespaces" ? name : namespace,
    name,
  };
  if (authorize(api.registry.store, call.user, wanted).allowed) return;
  throw errors.forbidden(resource, name, denial(call.user, wanted));
}
