import type { Json, JsonObject } from "./json.ts";
import type { Resource } from "./resources.ts";

export interface Cause extends JsonObject {
  reason: string;
  message: string;
  field?: string;
}

/** A failure in the words of the API: becomes a `Status` body with its HTTP code. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string | undefined;
  readonly details: JsonObject | undefined;
  readonly headers: Record<string, string>;
  readonly meta: JsonObject;

  constructor(
    code: number,
    reason: string | undefined,
    message: string,
    details?: JsonObject,
    extra: { headers?: Record<string, string>; metadata?: JsonObject } = {},
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.headers = extra.headers ?? {};
    this.meta = extra.metadata ?? {};
  }

  status(): JsonObject {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: this.meta,
      status: "Failure",
      message: this.message,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

/** `deployments.apps`, or `pods` for the core group. */
export function qualified(resource: { name: string; group: string }): string {
  return resource.group === "" ? resource.name : `${resource.name}.${resource.group}`;
}

function detailsOf(resource: Resource, name?: string): JsonObject {
  return {
    ...(name === undefined || name === "" ? {} : { name }),
    ...(resource.group === "" ? {} : { group: resource.group }),
    kind: resource.name,
  };
}

export const errors = {
  notServed: () => new ApiError(404, "NotFound", "the server could not find the requested resource", {}),
  notFound: (resource: Resource, name: string) =>
    new ApiError(404, "NotFound", `${qualified(resource)} "${name}" not found`, detailsOf(resource, name)),
  alreadyExists: (resource: Resource, name: string) =>
    new ApiError(
      409,
      "AlreadyExists",
      `${qualified(resource)} "${name}" already exists`,
      detailsOf(resource, name),
    ),
  conflict: (resource: Resource, name: string, message: string) =>
    new ApiError(
      409,
      "Conflict",
      `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${message}`,
      detailsOf(resource, name),
    ),
  modified: (resource: Resource, name: string) =>
    errors.conflict(
      resource,
      name,
      "the object has been modified; please apply your changes to the latest version and try again",
    ),
  badRequest: (message: string) => new ApiError(400, "BadRequest", message),
  internal: (message: string) => new ApiError(500, undefined, message),
  unauthorized: () => new ApiError(401, "Unauthorized", "Unauthorized"),
  methodNotAllowed: () =>
    new ApiError(
      405,
      "MethodNotAllowed",
      "the server does not allow this method on the requested resource",
      {},
    ),
  notAcceptable: () =>
    new ApiError(
      406,
      "NotAcceptable",
      "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf",
      {},
    ),
  unsupportedMedia: () => new ApiError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {}),
  forbidden: (resource: Resource, name: string, message: string, causes?: Cause[]) =>
    new ApiError(
      403,
      "Forbidden",
      name === ""
        ? `${qualified(resource)} is forbidden: ${message}`
        : `${qualified(resource)} "${name}" is forbidden: ${message}`,
      { ...detailsOf(resource, name), ...(causes ? { causes } : {}) },
    ),
  expired: (message: string, metadata?: JsonObject) =>
    new ApiError(410, "Expired", message, undefined, metadata ? { metadata } : {}),
  invalid: (group: string, kind: string, name: string, causes: Cause[]) => {
    const lines = causes.map((cause) => `${cause.field}: ${cause.message}`);
    const problem = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
    const label = group === "" ? kind : `${kind}.${group}`;
    return new ApiError(422, "Invalid", `${label} "${name}" is invalid: ${problem}`, {
      ...(name === "" ? {} : { name }),
      ...(group === "" ? {} : { group }),
      kind,
      causes,
    });
  },
};

/** A cause for a value that breaks a rule; objects are shown as compact JSON. */
export function invalidValue(field: string, value: Json | undefined, message: string): Cause {
  const shown = value === undefined ? "null" : JSON.stringify(value);
  return { reason: "FieldValueInvalid", message: `Invalid value: ${shown}: ${message}`, field };
}

export function requiredValue(field: string, message = ""): Cause {
  return {
    reason: "FieldValueRequired",
    message: message === "" ? "Required value" : `Required value: ${message}`,
    field,
  };
}

export function unsupportedValue(field: string, value: Json | undefined, known: string[]): Cause {
  const list = known.map((item) => JSON.stringify(item)).join(", ");
  return {
    reason: "FieldValueNotSupported",
    message: `Unsupported value: ${JSON.stringify(value ?? null)}: supported values: ${list}`,
    field,
  };
}
