import type { ServerResponse } from "node:http";

/** An answer in the error format of the distribution API: `{errors:[{code, message, detail?}]}`. */
export class RegistryError extends Error {
  readonly status: number;
  readonly code: string;
  /** `undefined` leaves the key out, `null` keeps it: the real server does both. */
  readonly detail: unknown;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    code: string,
    message: string,
    detail?: unknown,
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.headers = headers;
  }
}

export function manifestUnknown(detail?: unknown, message = "manifest unknown"): RegistryError {
  return new RegistryError(404, "MANIFEST_UNKNOWN", message, detail);
}

export function blobUnknown(digest: string, status = 404): RegistryError {
  return new RegistryError(
    status,
    status === 404 ? "BLOB_UNKNOWN" : "MANIFEST_BLOB_UNKNOWN",
    "blob unknown to registry",
    digest,
  );
}

export function digestInvalid(detail?: unknown): RegistryError {
  return new RegistryError(400, "DIGEST_INVALID", "provided digest did not match uploaded content", detail);
}

export function nameUnknown(name: string): RegistryError {
  return new RegistryError(404, "NAME_UNKNOWN", "repository name not known to registry", { name });
}

export function uploadUnknown(id: string): RegistryError {
  return new RegistryError(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry", { id });
}

export function methodNotAllowed(): RegistryError {
  return new RegistryError(405, "UNSUPPORTED", "The operation is unsupported.");
}

/** Writes `error`; Node leaves the body of an answer to HEAD out but keeps its length, as the real server does. */
export function sendError(response: ServerResponse, error: RegistryError): void {
  const body = `${JSON.stringify({ errors: [{ code: error.code, message: error.message, detail: error.detail }] })}\n`;
  response.writeHead(error.status, {
    ...error.headers,
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}
