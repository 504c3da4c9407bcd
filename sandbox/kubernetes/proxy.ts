import { request as httpRequest } from "node:http";
import { ApiError, errors } from "./errors.ts";
import { numberAt, objectsAt, stringsAt, textAt } from "./json.ts";
import type { Node } from "./node/node.ts";
import type { KubeObject } from "./objects.ts";
import { hasCondition } from "./objects.ts";
import type { Registry } from "./registry.ts";
import type { Call, Target } from "./request.ts";
import { kinds } from "./resources.ts";

/** Forwards `pods/<name>:<port>/proxy/…` and `services/<name>:<port>/proxy/…` to the real process. */
export async function forward(registry: Registry, node: Node, target: Target, call: Call): Promise<void> {
  const [first = "", second, third] = target.name.split(":");
  const scheme = third !== undefined || first === "http" || first === "https";
  const [name, port] = scheme && second !== undefined ? [second, third ?? ""] : [first, second ?? ""];
  const { namespace, resource } = target;
  const found = registry.store.get(resource, namespace, name);
  if (!found) throw errors.notFound(resource, name);
  const address =
    resource === kinds.services
      ? serviceAddress(registry, node, found, port)
      : node.address(found, port === "" ? "" : port);
  if (address === undefined) {
    const what =
      resource === kinds.services ? `no endpoints available for service "${name}"` : "address not allowed";
    throw new ApiError(503, "ServiceUnavailable", what);
  }
  await pipe(call, address, `${target.rest === "" ? "/" : target.rest}${call.url.search}`);
}

/** The local port of a ready pod behind the service. */
function serviceAddress(
  registry: Registry,
  node: Node,
  service: KubeObject,
  port: string,
): number | undefined {
  const ports = objectsAt(service, "spec", "ports");
  const chosen =
    port === "" ? ports[0] : ports.find((entry) => entry.name === port || String(entry.port) === port);
  if (!chosen) return undefined;
  const wanted = chosen.targetPort ?? numberAt(chosen, "port") ?? "";
  for (const pod of endpoints(registry, service)) {
    const address = node.address(pod, String(wanted));
    if (address !== undefined) return address;
  }
  return undefined;
}

/** Ready pods the service selects. */
export function endpoints(registry: Registry, service: KubeObject): KubeObject[] {
  const selector = Object.entries(stringsAt(service, "spec", "selector"));
  if (selector.length === 0) return [];
  return registry.store
    .list(kinds.pods, service.metadata.namespace)
    .filter((pod) => selector.every(([key, value]) => pod.metadata.labels?.[key] === value))
    .filter((pod) => !pod.metadata.deletionTimestamp && textAt(pod, "status", "phase") === "Running")
    .filter((pod) => hasCondition(pod, "Ready"));
}

function pipe(call: Call, port: number, path: string): Promise<void> {
  const { request, response } = call;
  const { authorization: _secret, host: _host, connection: _connection, ...headers } = request.headers;
  return new Promise((resolve, reject) => {
    const onward = httpRequest(
      {
        host: "127.0.0.1",
        port,
        path,
        method: request.method,
        headers: { ...headers, host: `127.0.0.1:${port}` },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.on("end", resolve);
        answer.on("error", reject);
      },
    );
    onward.on("error", (error) => {
      const message = `error trying to reach service: ${error.message}`;
      reject(new ApiError(503, "ServiceUnavailable", message));
    });
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  });
}
