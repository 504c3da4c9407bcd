import type { JsonObject } from "./json.ts";
import { clone } from "./json.ts";
import { parseVersion, selectorOf } from "./lists.ts";
import type { KubeObject } from "./objects.ts";
import { typeFor } from "./registry.ts";
import type { Accepted, Call, Target } from "./request.ts";
import { flag } from "./request.ts";
import { zeroValue } from "./schema.ts";
import type { Change, Store } from "./store.ts";
import { metadataOnly, tableOf } from "./tables.ts";

/** A bookmark comes this long before the end of a watch, and every minute before. */
const BEFORE_END = 2000;
const BOOKMARK_EVERY = 60_000;

/** Streams the changes of a resource until the client goes or `timeoutSeconds` pass. */
export function watch(
  store: Store,
  target: Target,
  call: Call,
  accepted: Accepted,
  closing: AbortSignal,
): void {
  const { query, response } = call;
  const { resource, namespace } = target;
  const select = selectorOf(resource, query);
  const inScope = (object: KubeObject) =>
    (namespace === "" || object.metadata.namespace === namespace) &&
    (target.name === "" || object.metadata.name === target.name) &&
    select(object);
  const version = query.get("resourceVersion") ?? "";
  const asked = version === "" || version === "0" ? undefined : parseVersion(version);
  const seconds = Number(query.get("timeoutSeconds") ?? "0") || 1800 + Math.random() * 1800;
  const bookmarks = flag(query, "allowWatchBookmarks");

  response.writeHead(200, {
    "cache-control": "no-cache, private",
    "content-type": "application/json",
  });
  response.flushHeaders();
  let revision = asked ?? store.revision;

  const write = (type: string, object: JsonObject) => response.write(`${JSON.stringify({ type, object })}\n`);
  const shown = (object: KubeObject): JsonObject => {
    if (accepted.as === "Table")
      return tableOf(resource, [object], { resourceVersion: object.metadata.resourceVersion });
    return accepted.as.startsWith("Partial") ? metadataOnly(object) : object;
  };
  const bookmark = (annotations?: JsonObject) => {
    const object = { kind: resource.kind, apiVersion: resource.apiVersion, ...zeroValue(typeFor(resource)) };
    write("BOOKMARK", {
      ...object,
      metadata: { resourceVersion: String(revision), ...(annotations ? { annotations } : {}) },
    });
  };
  const deliver = (change: Change) => {
    revision = change.revision;
    const was = change.previous !== undefined && inScope(change.previous);
    const is = change.type !== "DELETED" && inScope(change.object);
    if (is) write(was ? "MODIFIED" : "ADDED", shown(change.object));
    else if (was) {
      // What leaves the selector is shown as it was, with the revision at which it left.
      const last = clone(change.type === "DELETED" ? change.object : (change.previous ?? change.object));
      last.metadata.resourceVersion = String(change.revision);
      write("DELETED", shown(last));
    }
  };

  const initial = query.get("sendInitialEvents") === "true";
  if (asked === undefined || initial) {
    revision = store.revision;
    for (const object of store.list(resource, namespace)) if (inScope(object)) write("ADDED", shown(object));
    if (initial && bookmarks) bookmark({ "k8s.io/initial-events-end": "true" });
  } else {
    const missed = store.since(resource, asked);
    if ("oldest" in missed) {
      write("ERROR", {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: `too old resource version: ${asked} (${missed.oldest})`,
        reason: "Expired",
        code: 410,
      });
      response.end();
      return;
    }
    for (const change of missed.changes) deliver(change);
  }

  const unsubscribe = store.subscribe((changed, change) => {
    // A revision from the future: nothing is told before it is reached.
    if (changed === resource && change.revision > (asked ?? 0)) deliver(change);
  });
  const timers: NodeJS.Timeout[] = [];
  if (bookmarks) {
    const total = seconds * 1000;
    if (total > BEFORE_END) timers.push(setTimeout(() => bookmark(), total - BEFORE_END));
    timers.push(
      setInterval(() => {
        revision = Math.max(revision, store.revision);
        bookmark();
      }, BOOKMARK_EVERY),
    );
  }
  const stop = () => {
    unsubscribe();
    for (const timer of timers) clearTimeout(timer);
    closing.removeEventListener("abort", finish);
  };
  const finish = () => {
    stop();
    response.end();
  };
  timers.push(setTimeout(finish, seconds * 1000));
  closing.addEventListener("abort", finish);
  response.on("close", stop);
}
