import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent, type RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import { exchange } from "./exchange.ts";

/** A manifest as it is sent; nothing is parsed or checked. */
export type BareObject = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> };
};

/** A request to the API server over kept connections; throws for a status that is no success. */
export type BareCluster = (method: string, path: string, body?: unknown) => Promise<string>;

/** The least that can talk to a cluster: credentials, kept connections, JSON. */
export async function bareCluster(kubeconfig: string): Promise<BareCluster> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const server = config.getCurrentCluster()?.server ?? "";
  const { ca, cert, key, rejectUnauthorized } = options;
  const agent = server.startsWith("https:")
    ? new HttpsAgent({ keepAlive: true, ca, cert, key, rejectUnauthorized })
    : new HttpAgent({ keepAlive: true });
  const credentials: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) credentials[name] = String(value);
  const contentType = { POST: "application/json", PATCH: "application/apply-patch+yaml" };
  return async (method, path, body) => {
    const { status, text } = await exchange(new URL(path, server), {
      agent,
      method,
      headers: {
        ...credentials,
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": contentType[method === "POST" ? "POST" : "PATCH"] }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (status < 200 || status > 299) throw new Error(`${method} ${path} answered ${status}: ${text}`);
    return text;
  };
}

const PLURALS: Readonly<Record<string, string>> = {
  ConfigMap: "configmaps",
  Deployment: "deployments",
  Event: "events",
  Pod: "pods",
  ReplicaSet: "replicasets",
  Secret: "secrets",
  Service: "services",
  ServiceAccount: "serviceaccounts",
};

/** Path of an object, or of its kind in the namespace without a name. */
export function pathOf(kind: { apiVersion: string; kind: string }, namespace: string, name = ""): string {
  const group = kind.apiVersion === "v1" ? "/api/v1" : `/apis/${kind.apiVersion}`;
  return `${group}/namespaces/${namespace}/${PLURALS[kind.kind] ?? ""}${name ? `/${name}` : ""}`;
}
