import { decodeConfiguration, decodeObject, frame } from "./decode.ts";
import { deleteObject, deleteOptions } from "./deletion.ts";
import { errors, requiredValue } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import { clone, isObject } from "./json.ts";
import { list, selectorOf } from "./lists.ts";
import type { KubeObject } from "./objects.ts";
import { parseJson, patched, patchKind } from "./patches.ts";
import type { Registry } from "./registry.ts";
import { typeFor } from "./registry.ts";
import type { Accepted, Call, Target } from "./request.ts";
import { flag, isDryRun, managerOf, readBody, send } from "./request.ts";
import { metadataOnly, tableOf } from "./tables.ts";
import { watch } from "./watch.ts";

export interface Context {
  registry: Registry;
  closing: AbortSignal;
  /** Throws a 403 unless the caller may use the verb on the target. */
  authorize: (verb: string) => void;
}

export function sendObject(
  call: Call,
  target: Target,
  object: KubeObject,
  accepted: Accepted,
  status = 200,
): void {
  const { format } = accepted;
  if (accepted.as === "Table") {
    const metadata = { resourceVersion: object.metadata.resourceVersion };
    send(call, status, tableOf(target.resource, [object], metadata), { format });
    return;
  }
  send(call, status, accepted.as === "object" ? object : metadataOnly(object), { format });
}

export async function read(context: Context, target: Target, call: Call, accepted: Accepted): Promise<void> {
  const { store } = context.registry;
  const { resource, namespace, name } = target;
  if (flag(call.query, "watch")) return watch(store, target, call, accepted, context.closing);
  if (name !== "") return sendObject(call, target, require(context, target), accepted);
  const { items, metadata } = await list(store, resource, namespace, call.query);
  const { format } = accepted;
  if (accepted.as === "Table") return send(call, 200, tableOf(resource, items, metadata), { format });
  if (accepted.as !== "object") {
    const body = { kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1", metadata };
    return send(call, 200, { ...body, items: items.map(metadataOnly) }, { format });
  }
  send(call, 200, listBody(target, items, metadata), { format });
}

/** A list as plain JSON: its items carry neither kind nor apiVersion. */
function listBody(target: Target, items: KubeObject[], metadata: JsonObject): JsonObject {
  const { kind, apiVersion } = target.resource;
  const bare = items.map(({ kind: _kind, apiVersion: _apiVersion, ...rest }) => rest);
  return { kind: `${kind}List`, apiVersion, metadata, items: bare };
}

const warnOf = (call: Call) => (text: string) => {
  call.warnings.push(text);
};

export function require(context: Context, { resource, namespace, name }: Target): KubeObject {
  const found = context.registry.store.get(resource, namespace, name);
  if (!found) throw errors.notFound(resource, name);
  return found;
}

export async function create(
  context: Context,
  target: Target,
  call: Call,
  accepted: Accepted,
): Promise<void> {
  const body = decodeObject(call, target, await readBody(call.request));
  const write = { manager: managerOf(call), dryRun: isDryRun(call), warn: warnOf(call) };
  sendObject(call, target, context.registry.create(target.resource, body, write), accepted, 201);
}

/** PUT: replaces the object, or its status. */
export async function replace(
  context: Context,
  target: Target,
  call: Call,
  accepted: Accepted,
): Promise<void> {
  const body = decodeObject(call, target, await readBody(call.request));
  const live = require(context, target);
  const write = {
    manager: managerOf(call),
    subresource: target.subresource,
    dryRun: isDryRun(call),
    warn: warnOf(call),
  };
  sendObject(call, target, context.registry.replace(target.resource, live, body, write), accepted);
}

/** PATCH in its four kinds. */
export async function patch(context: Context, target: Target, call: Call, accepted: Accepted): Promise<void> {
  const kind = patchKind(call.request.headers["content-type"] ?? "");
  const text = await readBody(call.request);
  const { resource, subresource } = target;
  const write = { manager: managerOf(call), subresource, dryRun: isDryRun(call), warn: warnOf(call) };
  if (kind === "apply") {
    if (!call.query.get("fieldManager")) {
      throw errors.invalid("meta.k8s.io", "PatchOptions", "", [
        requiredValue("fieldManager", "is required for apply patch"),
      ]);
    }
    const config = decodeConfiguration(target, text);
    const force = flag(call.query, "force");
    const { object, created } = context.registry.apply(resource, config, { ...write, force }, () =>
      context.authorize("create"),
    );
    return sendObject(call, target, object, accepted, created ? 201 : 200);
  }
  const live = require(context, target);
  const next = frame(call, target, patched(clone(live), text, kind, typeFor(resource)));
  sendObject(call, target, context.registry.replace(resource, live, next, write), accepted);
}

export async function remove(
  context: Context,
  target: Target,
  call: Call,
  accepted: Accepted,
): Promise<void> {
  const text = await readBody(call.request);
  if (target.name !== "") require(context, target);
  const body = text === "" ? {} : parseJson(text);
  const options = deleteOptions(isObject(body) ? body : {}, call.query, isDryRun(call));
  const { store } = context.registry;
  const { resource, namespace } = target;
  const { format } = accepted;
  if (target.name !== "") {
    return send(call, 200, deleteObject(store, resource, require(context, target), options), { format });
  }
  const items = store.list(resource, namespace).filter(selectorOf(resource, call.query));
  const metadata = { resourceVersion: String(store.revision) };
  for (const item of items) deleteObject(store, resource, item, options);
  send(call, 200, listBody(target, items, metadata), { format });
}
