import { decodeProblem, dropUnknown, typedProblems } from "./check.ts";
import { errors } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import { clone, isObject, textAt } from "./json.ts";
import type { KubeObject } from "./objects.ts";
import { isKubeObject } from "./objects.ts";
import { parseJson, parseYaml } from "./patches.ts";
import { typeFor } from "./registry.ts";
import type { Call, Target } from "./request.ts";
import type { Resource } from "./resources.ts";

/** Reads the body of a POST or PUT as an object of the resource; unknown fields go by `fieldValidation`. */
export function decodeObject(call: Call, target: Target, text: string): KubeObject {
  const media = (call.request.headers["content-type"] ?? "application/json").split(";")[0]?.trim();
  if (media !== "application/json" && media !== "application/yaml" && media !== "*/*")
    throw errors.unsupportedMedia();
  const body = media === "application/yaml" ? parseYaml(text) : parseJson(text);
  if (!isObject(body)) throw errors.badRequest("the object provided is unrecognized (must be an object)");
  return frame(call, target, body);
}

/** Checks a decoded body against URL and type, and gives it the frame of an object. */
export function frame(call: Call, target: Target, body: JsonObject): KubeObject {
  const { resource } = target;
  const apiVersion = textAt(body, "apiVersion") || resource.apiVersion;
  const kind = textAt(body, "kind") || resource.kind;
  if (apiVersion !== resource.apiVersion) {
    throw errors.badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${resource.apiVersion})`,
    );
  }
  if (kind !== resource.kind) {
    const { version } = resource;
    const conversion = `converting (${version}.${kind}) to (${resource.group.split(".")[0] || "core"}.${resource.kind})`;
    throw errors.badRequest(
      `${kind} in version "${version}" cannot be handled as a ${resource.kind}: ${conversion}: unknown conversion`,
    );
  }
  const object: JsonObject = { ...body, apiVersion, kind };
  checkFields(call, resource, object);
  return named(target, object);
}

function checkFields(call: Call, resource: Resource, object: JsonObject): void {
  const type = typeFor(resource);
  const cannot = `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}`;
  const problem = decodeProblem(object, type);
  if (problem) throw errors.badRequest(`${cannot}: ${problem}`);
  const unknown = dropUnknown(object, type).map((path) => `unknown field "${path}"`);
  if (unknown.length === 0) return;
  const validation = call.query.get("fieldValidation") ?? "Warn";
  if (validation === "Strict") {
    throw errors.badRequest(`${cannot}: strict decoding error: ${unknown.join(", ")}`);
  }
  if (validation !== "Ignore") call.warnings.push(...unknown);
}

function named(target: Target, object: JsonObject): KubeObject {
  const metadata: JsonObject = isObject(object.metadata) ? clone(object.metadata) : {};
  metadata.name ??= "";
  if (target.name !== "" && metadata.name === "") metadata.name = target.name;
  if (target.name !== "" && metadata.name !== target.name) {
    throw errors.badRequest(
      `the name of the object (${String(metadata.name)}) does not match the name on the URL (${target.name})`,
    );
  }
  if (target.resource.namespaced) {
    metadata.namespace ??= target.namespace;
    if (metadata.namespace !== target.namespace) {
      throw errors.badRequest(
        `the namespace of the provided object does not match the namespace sent on the request`,
      );
    }
  } else delete metadata.namespace;
  const result: JsonObject = { ...object, metadata };
  if (!isKubeObject(result)) throw errors.badRequest("metadata: the object has no name");
  return result;
}

/** Reads an apply configuration; what does not fit the schema is a 500 without reason, as the real server has it. */
export function decodeConfiguration(target: Target, text: string): KubeObject {
  const { resource } = target;
  const body: Json = parseYaml(text);
  if (!isObject(body)) throw errors.badRequest("error decoding YAML: the configuration is no object");
  const apiVersion = textAt(body, "apiVersion");
  const kind = textAt(body, "kind");
  if (apiVersion !== resource.apiVersion || kind !== resource.kind) {
    throw errors.badRequest(`invalid object type: ${apiVersion}, Kind=${kind}`);
  }
  if (isObject(body.metadata) && body.metadata.managedFields !== undefined) {
    throw errors.badRequest("metadata.managedFields must be nil");
  }
  const object = named(target, body);
  const problems = typedProblems(object, typeFor(resource));
  if (problems.length > 0) {
    const place = object.metadata.namespace ? `${object.metadata.namespace}/` : "/";
    const list =
      problems.length === 1 ? problems[0] : `errors:\n${problems.map((line) => `  ${line}`).join("\n")}`;
    throw errors.internal(
      `failed to create typed patch object (${place}${object.metadata.name}; ${apiVersion}, Kind=${kind}): ${list}`,
    );
  }
  return object;
}
