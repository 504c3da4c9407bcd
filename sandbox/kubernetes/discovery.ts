import { createHash } from "node:crypto";
import type { Json, JsonObject } from "./json.ts";
import type { Call } from "./request.ts";
import { send } from "./request.ts";
import type { ResourceEntry, ResourceList } from "./resources.ts";
import { resourceLists } from "./resources.ts";

const VERSION: JsonObject = {
  major: "1",
  minor: "34",
  emulationMajor: "1",
  emulationMinor: "34",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "33",
  gitVersion: "v1.34.9",
  gitCommit: "sandbox",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "go1.24.4",
  compiler: "gc",
  platform: "linux/amd64",
};

/** Answers the documents by which clients learn what is served; false when the path is none of them. */
export function discover(call: Call, path: string): boolean {
  if (path === "/version" || path === "/version/") send(call, 200, VERSION);
  else if (path === "/healthz" || path === "/livez" || path === "/readyz") {
    call.response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end("ok");
  } else if (path === "/api" || path === "/apis") root(call, path);
  else if (path === "/openapi/v3") send(call, 200, openapiIndex());
  else if (path.startsWith("/openapi/v3/")) return openapi(call, path.slice("/openapi/v3/".length));
  else {
    const list = resourceLists.find((entry) => path === pathOf(entry));
    if (!list) return group(call, path);
    send(call, 200, {
      kind: "APIResourceList",
      ...(list.groupVersion === "v1" ? {} : { apiVersion: "v1" }),
      groupVersion: list.groupVersion,
      resources: list.resources,
    });
  }
  return true;
}

function pathOf(list: ResourceList): string {
  return list.groupVersion === "v1" ? "/api/v1" : `/apis/${list.groupVersion}`;
}

function root(call: Call, path: string): void {
  const accept = call.request.headers.accept ?? "";
  const [, version] = /g=apidiscovery\.k8s\.io;v=(v2beta1|v2);as=APIGroupDiscoveryList/.exec(accept) ?? [];
  if (version) {
    aggregated(call, path, version);
    return;
  }
  if (path === "/api") {
    const address = call.request.headers.host ?? "";
    send(call, 200, {
      kind: "APIVersions",
      versions: ["v1"],
      serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: address }],
    });
    return;
  }
  const groups = resourceLists.filter((list) => list.groupVersion !== "v1").map(groupOf);
  send(call, 200, { kind: "APIGroupList", apiVersion: "v1", groups });
}

function groupOf(list: ResourceList): JsonObject {
  const [name = "", version = ""] = list.groupVersion.split("/");
  const entry = { groupVersion: list.groupVersion, version };
  return { name, versions: [entry], preferredVersion: entry };
}

function group(call: Call, path: string): boolean {
  const list = resourceLists.find((entry) => path === `/apis/${entry.groupVersion.split("/")[0]}`);
  if (!list || list.groupVersion === "v1") return false;
  send(call, 200, { kind: "APIGroup", apiVersion: "v1", ...groupOf(list) });
  return true;
}

function aggregated(call: Call, path: string, version: string): void {
  const lists = resourceLists.filter((list) => (list.groupVersion === "v1") === (path === "/api"));
  const items = lists.map((list) => {
    const [group = "", name = ""] = list.groupVersion === "v1" ? ["", "v1"] : list.groupVersion.split("/");
    return {
      metadata: group === "" ? {} : { name: group },
      versions: [{ version: name, resources: discovered(list, group, name), freshness: "Current" }],
    };
  });
  const body = {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items,
  };
  const etag = `"${createHash("sha512").update(JSON.stringify(body)).digest("hex").toUpperCase()}"`;
  const type = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  const headers = { "content-type": type, "cache-control": "public", etag };
  if (call.request.headers["if-none-match"] === etag) call.response.writeHead(304, headers).end();
  else send(call, 200, body, { headers });
}

function discovered(list: ResourceList, group: string, version: string): Json[] {
  const kindOf = (entry: ResourceEntry) => ({
    group: entry.group ?? group,
    version: entry.version ?? version,
    kind: entry.kind,
  });
  return list.resources
    .filter((entry) => !entry.name.includes("/"))
    .map((entry) => {
      const below = list.resources.filter((other) => other.name.startsWith(`${entry.name}/`));
      return {
        resource: entry.name,
        responseKind: kindOf(entry),
        scope: entry.namespaced ? "Namespaced" : "Cluster",
        singularResource: entry.singularName,
        verbs: entry.verbs,
        ...(entry.shortNames ? { shortNames: entry.shortNames } : {}),
        ...(entry.categories ? { categories: entry.categories } : {}),
        ...(below.length === 0
          ? {}
          : {
              subresources: below.map((sub) => ({
                subresource: sub.name.slice(entry.name.length + 1),
                responseKind: kindOf(sub),
                verbs: sub.verbs,
              })),
            }),
      };
    });
}

function openapiIndex(): JsonObject {
  const paths: JsonObject = {};
  for (const list of resourceLists) {
    const name = pathOf(list).slice(1);
    paths[name] = {
      serverRelativeURL: `/openapi/v3/${name}?hash=${createHash("sha256").update(name).digest("hex")}`,
    };
  }
  return { paths };
}

/** Enough of OpenAPI v3 for clients that look which parameters a patch takes before they send one. */
function openapi(call: Call, name: string): boolean {
  const list = resourceLists.find((entry) => pathOf(entry) === `/${name}`);
  if (!list) return false;
  const [version = "", group = ""] = list.groupVersion.split("/").reverse();
  const parameters = ["dryRun", "fieldManager", "fieldValidation", "force"].map((parameter) => ({
    name: parameter,
    in: "query",
    schema: { type: parameter === "force" ? "boolean" : "string", uniqueItems: true },
  }));
  const paths: JsonObject = {};
  for (const entry of list.resources.filter((item) => !item.name.includes("/"))) {
    const base = `${pathOf(list)}/${entry.namespaced ? "namespaces/{namespace}/" : ""}${entry.name}`;
    const responses = { "200": { description: "OK" } };
    const kind = { group, kind: entry.kind, version };
    paths[`${base}/{name}`] = {
      patch: {
        parameters,
        responses,
        "x-kubernetes-action": "patch",
        "x-kubernetes-group-version-kind": kind,
      },
    };
  }
  send(call, 200, { openapi: "3.0.0", info: { title: "Kubernetes", version: "v1.34.9" }, paths });
  return true;
}
