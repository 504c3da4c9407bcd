import { parseDocument } from "yaml";
import { ApiError, errors } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import { clone, equal, isObject, toJson } from "./json.ts";
import type { Type } from "./schema.ts";
import { strategicMerge } from "./strategic.ts";

export type PatchKind = "apply" | "json" | "merge" | "strategic";

/** The kind of patch a content type means; throws the 415 for others. */
export function patchKind(contentType: string): PatchKind {
  const media = contentType.split(";")[0]?.trim();
  if (media === "application/apply-patch+yaml") return "apply";
  if (media === "application/json-patch+json") return "json";
  if (media === "application/merge-patch+json") return "merge";
  if (media === "application/strategic-merge-patch+json") return "strategic";
  throw errors.unsupportedMedia();
}

/** Reads a body that may be YAML (JSON is YAML too); throws a 400 in the server's words. */
export function parseYaml(text: string): Json {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) {
    const line = problem.linePos?.[0].line ?? 1;
    throw errors.badRequest(
      `error decoding YAML: error converting YAML to JSON: yaml: line ${line}: did not find expected node content`,
    );
  }
  return toJson(document.toJS());
}

export function parseJson(text: string): Json {
  try {
    return toJson(JSON.parse(text));
  } catch {
    throw errors.badRequest("couldn't get version/kind; json parse error: invalid character in the body");
  }
}

/** The live object with a JSON, merge or strategic merge patch applied. */
export function patched(
  live: JsonObject,
  text: string,
  kind: Exclude<PatchKind, "apply">,
  type: Type,
): JsonObject {
  const patch = kind === "json" ? parseJson(text) : parseYaml(text);
  if (kind === "json") {
    if (!Array.isArray(patch))
      throw errors.badRequest("error decoding patch: json: cannot unmarshal into Go value");
    let result: Json = clone(live);
    for (const operation of patch) result = jsonPatch(result, isObject(operation) ? operation : {});
    if (!isObject(result)) throw errors.badRequest("the patch leaves no object");
    return result;
  }
  if (!isObject(patch)) throw errors.badRequest("error decoding patch: the patch is no object");
  if (kind === "strategic") return strategicMerge(live, patch, type);
  const merged = mergePatch(live, patch);
  return isObject(merged) ? merged : {};
}

/** RFC 7386. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return clone(patch);
  const result: JsonObject = isObject(target) ? { ...clone(target) } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** One operation of RFC 6902. */
function jsonPatch(target: Json, operation: JsonObject): Json {
  const path = pointer(operation.path);
  const refuse = () =>
    new ApiError(422, "Invalid", "the server rejected our request due to an error in our request", {});
  switch (operation.op) {
    case "add":
      return put(target, path, operation.value ?? null, "add", refuse);
    case "replace":
      if (read(target, path) === undefined) throw refuse();
      return put(target, path, operation.value ?? null, "replace", refuse);
    case "remove":
      if (read(target, path) === undefined) throw refuse();
      return put(target, path, undefined, "remove", refuse);
    case "test":
      if (!equal(read(target, path), operation.value)) throw refuse();
      return target;
    case "copy":
    case "move": {
      const from = pointer(operation.from);
      const value = read(target, from);
      if (value === undefined) throw refuse();
      const source = operation.op === "move" ? put(target, from, undefined, "remove", refuse) : target;
      return put(source, path, clone(value), "add", refuse);
    }
    default:
      throw refuse();
  }
}

function pointer(path: Json | undefined): string[] {
  if (typeof path !== "string" || path === "") return [];
  return path
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function read(target: Json | undefined, path: string[]): Json | undefined {
  const [first, ...rest] = path;
  if (first === undefined) return target;
  if (Array.isArray(target)) return read(target[Number(first)], rest);
  return isObject(target) ? read(target[first], rest) : undefined;
}

function put(
  target: Json,
  path: string[],
  value: Json | undefined,
  how: "add" | "replace" | "remove",
  refuse: () => Error,
): Json {
  const [first, ...rest] = path;
  if (first === undefined) return value ?? null;
  if (Array.isArray(target)) {
    const index = first === "-" ? target.length : Number(first);
    if (!Number.isInteger(index) || index < 0 || index > target.length) throw refuse();
    if (rest.length > 0) return target.with(index, put(target[index] ?? null, rest, value, how, refuse));
    return target.toSpliced(index, how === "add" ? 0 : 1, ...(value === undefined ? [] : [value]));
  }
  if (!isObject(target)) throw refuse();
  const result: JsonObject = { ...target };
  if (rest.length > 0) {
    const below = target[first];
    if (below === undefined) throw refuse();
    result[first] = put(below, rest, value, how, refuse);
  } else if (value === undefined) delete result[first];
  else result[first] = value;
  return result;
}
