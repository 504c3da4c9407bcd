import { z } from "zod";
import { AdapterError, type AdapterFailure } from "#lib/errors.ts";
import type { FieldConflict } from "../ports.ts";

const causeSchema = z.object({
  reason: z.string().nullish(),
  message: z.string().nullish(),
  field: z.string().nullish(),
});
const statusSchema = z.object({
  kind: z.literal("Status"),
  message: z.string().nullish(),
  reason: z.string().nullish(),
  code: z.number().nullish(),
  details: z
    .object({
      name: z.string().nullish(),
      kind: z.string().nullish(),
      causes: z.array(causeSchema).nullish(),
    })
    .nullish(),
});
/** The API server's own account of a failure. */
export type KubeStatus = z.infer<typeof statusSchema>;

/** Null for anything but a Status (a proxy's page, the plain text of a 429). */
export function parseStatus(body: string): KubeStatus | null {
  try {
    return statusSchema.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}

export type FailureDetails = {
  /** The server's reason, e.g. `AlreadyExists`, `Expired`, `NamespaceTerminating`. */
  reason: string | null;
  /** For a 404: what it is that is not there. */
  missing?: "object" | "namespace" | "kind";
  causes: { reason: string; message: string; field: string }[];
};

const FAILURE_OF_STATUS: Record<number, AdapterFailure> = {
  401: "unauthorized",
  403: "forbidden",
  404: "missing",
  409: "conflict",
  429: "throttled",
};

/** What apply says of a field that the schema lacks or of a duplicate list key: a 500 without a reason. */
const SCHEMA_COMPLAINT =
  /^failed to create (manager for existing fields|typed patch object)|field not declared in schema/;

/** Whether the body of a 500 says that the object is wrong, not the server. */
export function isSchemaComplaint(body: string): boolean {
  const kube = parseStatus(body);
  return !kube?.reason && SCHEMA_COMPLAINT.test(kube?.message ?? "");
}

function failureOf(status: number, body: string): AdapterFailure {
  const known = FAILURE_OF_STATUS[status];
  if (known) return known;
  if (status === 500 && isSchemaComplaint(body)) return "invalid";
  return status >= 400 && status < 500 ? "invalid" : "broken";
}

function missingThing(kube: KubeStatus | null, requested: string | undefined): FailureDetails["missing"] {
  if (!kube?.details?.name) return "kind";
  return kube.details.kind === "namespaces" && requested !== "namespaces" ? "namespace" : "object";
}

/**
 * The error for an answer that is not a success.
 * @param what the call in words ("apply Deployment payments/api")
 * @param resource the resource that was asked for ("deployments"), to tell a missing object from its namespace
 */
export function statusError(what: string, status: number, body: string, resource?: string): AdapterError {
  const kube = parseStatus(body);
  const causes = (kube?.details?.causes ?? []).map((cause) => ({
    reason: cause.reason ?? "",
    message: cause.message ?? "",
    field: cause.field ?? "",
  }));
  const terminating = causes.some((cause) => cause.reason === "NamespaceTerminating");
  const details: FailureDetails = {
    reason: terminating ? "NamespaceTerminating" : (kube?.reason ?? null),
    causes,
    ...(status === 404 ? { missing: missingThing(kube, resource) } : {}),
  };
  const text = kube?.message ?? (body.trim().slice(0, 300) || `status ${status}`);
  const failure = isHalf(status, body, kube) ? "broken" : failureOf(status, body);
  return new AdapterError(failure, `${what}: ${text}`, { status, details });
}

/** Statuses that say all there is to know without a body. */
const DECISIVE = [401, 403, 429];

/** An answer whose account is cut off or missing: what it would have said is asked again. */
const isHalf = (status: number, body: string, kube: KubeStatus | null): boolean =>
  kube === null &&
  !DECISIVE.includes(status) &&
  (body.trim() === "" || (body.startsWith("{") && !isJson(body)));

function isJson(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}

/** The fields of a refused apply, by owner; null when the 409 is another one (an old version, a precondition). */
export function fieldConflicts(status: number, body: string): FieldConflict[] | null {
  if (status !== 409) return null;
  const causes = parseStatus(body)?.details?.causes ?? [];
  const conflicts = causes.filter((cause) => cause.reason === "FieldManagerConflict");
  if (conflicts.length === 0) return null;
  // The owner is nowhere but in the text: `conflict with "ops-tool" with subresource "scale" using apps/v1`.
  return conflicts.map(({ field, message }) => ({
    field: field ?? "",
    manager:
      /conflict with "((?:[^"\\]|\\.)*)"/.exec(message ?? "")?.[1]?.replace(/\\(["\\])/g, "$1") ?? "unknown",
  }));
}
