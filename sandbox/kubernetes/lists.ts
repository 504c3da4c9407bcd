import { ApiError, errors } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import { isObject, toJson } from "./json.ts";
import type { KubeObject } from "./objects.ts";
import type { Resource } from "./resources.ts";
import type { Predicate } from "./selectors.ts";
import { fieldSelector, labelSelector } from "./selectors.ts";
import type { Store } from "./store.ts";

export interface Listed {
  items: KubeObject[];
  metadata: JsonObject;
}

/** The test that labelSelector and fieldSelector of a request make together. */
export function selectorOf(resource: Resource, query: URLSearchParams): Predicate {
  const labels = labelSelector(query.get("labelSelector") ?? "");
  const fields = fieldSelector(query.get("fieldSelector") ?? "", resource);
  return (object) => labels(object) && fields(object);
}

/** How long a list waits for a revision that has not come yet. */
const WAIT = 3000;

/** A page of a list: selectors, limit and continue, exact and minimal resource versions. */
export async function list(
  store: Store,
  resource: Resource,
  namespace: string,
  query: URLSearchParams,
): Promise<Listed> {
  const select = selectorOf(resource, query);
  const limitText = query.get("limit") ?? "0";
  if (!/^\d+$/.test(limitText)) {
    throw errors.badRequest(`strconv.ParseInt: parsing ${JSON.stringify(limitText)}: invalid syntax`);
  }
  const limit = Number(limitText);
  const token = query.get("continue");
  const version = query.get("resourceVersion") ?? "";
  const exact = query.get("resourceVersionMatch") === "Exact";
  let revision = store.revision;
  let start = "";
  let objects: KubeObject[] | undefined;
  if (token) {
    const page = decodeToken(token);
    revision = page.revision < 0 ? store.revision : page.revision;
    start = page.start;
    objects = store.listAt(resource, namespace, revision);
    if (!objects) {
      throw errors.expired(
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
        { continue: encodeToken(-1, start) },
      );
    }
  } else if (version !== "" && version !== "0") {
    if (!/^\d+$/.test(version))
      throw errors.badRequest(`invalid resource version: ${invalidVersion(version)}`);
    const asked = Number(version);
    if (asked > store.revision) await refuseFuture(store, asked);
    if (exact) {
      revision = asked;
      objects = store.listAt(resource, namespace, asked);
      if (!objects) throw errors.expired("The resourceVersion for the provided list is too old.");
    }
  }
  const keyOf = (object: KubeObject) =>
    namespace === "" && resource.namespaced
      ? `${object.metadata.namespace}/${object.metadata.name}`
      : object.metadata.name;
  const rest = (objects ?? store.list(resource, namespace)).filter((object) => keyOf(object) >= start);
  const matching = rest.filter(select);
  const metadata: JsonObject = { resourceVersion: String(revision) };
  if (limit === 0 || matching.length <= limit) return { items: matching, metadata };
  const items = matching.slice(0, limit);
  const last = items.at(-1);
  metadata.continue = encodeToken(revision, `${last ? keyOf(last) : ""}\u0000`);
  if (!query.get("labelSelector") && !query.get("fieldSelector")) {
    metadata.remainingItemCount = matching.length - limit;
  }
  return { items, metadata };
}

/** The resource version a watch starts at; throws the 500 the real server answers to nonsense. */
export function parseVersion(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw errors.internal(invalidVersion(text));
}

function invalidVersion(text: string): string {
  const shown = JSON.stringify(text);
  return `resourceVersion: Invalid value: ${shown}: strconv.ParseUint: parsing ${shown}: invalid syntax`;
}

async function refuseFuture(store: Store, asked: number): Promise<void> {
  const end = Date.now() + WAIT;
  while (store.revision < asked) {
    if (Date.now() > end) {
      throw new ApiError(
        504,
        "Timeout",
        `Timeout: Too large resource version: ${asked}, current: ${store.revision}`,
        {
          causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
          retryAfterSeconds: 1,
        },
        { headers: { "retry-after": "1" } },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function encodeToken(revision: number, start: string): string {
  const body = { v: "meta.k8s.io/v1", rv: revision, start };
  return Buffer.from(JSON.stringify(body)).toString("base64url");
}

function decodeToken(token: string): { revision: number; start: string } {
  const text = Buffer.from(token, "base64url").toString("utf8");
  try {
    const body = toJson(JSON.parse(text));
    if (isObject(body) && typeof body.rv === "number" && typeof body.start === "string") {
      return { revision: body.rv, start: body.start.replace(/^\//, "") };
    }
  } catch {
    // Falls through to the refusal below.
  }
  const first = JSON.stringify(text[0] ?? "").slice(1, -1);
  throw errors.badRequest(
    `invalid continue token: continue key is not valid: invalid character '${first}' looking for beginning of value`,
  );
}
