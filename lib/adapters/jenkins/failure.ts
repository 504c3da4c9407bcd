import { z } from "zod";
import { AdapterError, type AdapterFailure } from "#lib/errors.ts";

/** What is known of a failure beside its kind; `details.reason` of this adapter's errors. */
export type JenkinsReason =
  /** 401: this user has no such token or password. */
  | "credential_refused"
  /** A page or a redirect that asks to sign in: the credential did not arrive at Jenkins. */
  | "sign_in_asked"
  /** 403 that names the right (`details.permission`). */
  | "permission_missing"
  /** 403: a password needs a crumb and its session, and a fresh one was refused as well. */
  | "crumb_refused"
  /** 503: the port is open, Jenkins is not up yet. */
  | "starting"
  /** A page where data was expected. */
  | "not_jenkins"
  | "timeout"
  | "connection_refused"
  | "host_unknown"
  | "certificate"
  /** A port on which the fetch standard allows no HTTP, such as 1 or 10080: nothing is sent. */
  | "port_blocked"
  /** The caller's signal. */
  | "given_up"
  | "other";

const FAILURE_OF_STATUS: Record<number, AdapterFailure> = {
  401: "unauthorized",
  403: "forbidden",
  404: "missing",
  409: "conflict",
  // Jenkins answers 422 when the credential may not cancel an item, so as not to tell that it exists.
  422: "forbidden",
  429: "throttled",
};

function failureOf(status: number): AdapterFailure {
  const known = FAILURE_OF_STATUS[status];
  if (known) return known;
  return status >= 400 && status < 500 ? "invalid" : "broken";
}

/** Whether a redirect leads to a sign-in form, of Jenkins or of whatever stands before it. */
function leadsToSignIn(location: string): boolean {
  return /\/(login|securityRealm|oauth2?|saml|cas|sso|signin)([/?]|$)/i.test(location);
}

/** Whether a 403 is about the crumb, not about a right. */
export const refusesCrumb = (status: number, text: string): boolean =>
  status === 403 && text.includes("No valid crumb");

/**
 * The error for an answer that is not what was asked for. The page is not quoted.
 * @param what the call in words, for the message ("trigger refract-build")
 * @param text beginning of the body
 */
export function refusal(what: string, response: Response, text: string): AdapterError {
  const { status, headers } = response;
  const permission = headers.get("x-required-permission");
  const say = (reason: JenkinsReason, rest: string, failure = failureOf(status), retryable?: boolean) =>
    new AdapterError(failure, `${what}: Jenkins answered ${status}${rest}`, {
      status,
      retryable,
      details: permission === null ? { reason } : { reason, permission },
    });
  if (status === 401)
    return say("credential_refused", " (it knows no such user with this token or password)");
  if (permission !== null) return say("permission_missing", ` (the credential lacks ${permission})`);
  if (refusesCrumb(status, text)) return say("crumb_refused", " (no valid crumb)");
  if (status === 403 && text.includes("Authentication required"))
    return say("sign_in_asked", " (it asks to sign in)", "unauthorized");
  if (status >= 300 && status < 400 && leadsToSignIn(headers.get("location") ?? ""))
    return say("sign_in_asked", " (it leads to a sign-in page)", "unauthorized");
  if (status >= 300 && status < 400) return say("not_jenkins", " (it leads elsewhere)", "broken", false);
  if (status === 503 && /getting ready to work|Starting Jenkins|restarting/i.test(text))
    return say("starting", " (it is starting)");
  return say("other", "");
}

/** A page came where data was expected: a sign-in form, another server, or a proxy that speaks for Jenkins. */
export function notJenkins(what: string, response: Response, text: string): AdapterError {
  if (/j_spring_security_check|\/login\?from=|type=["']password["']/.test(text)) {
    return new AdapterError("unauthorized", `${what}: a sign-in page came instead of an answer`, {
      status: response.status,
      details: { reason: "sign_in_asked" },
    });
  }
  const type = response.headers.get("content-type")?.split(";")[0] ?? "nothing";
  return new AdapterError("broken", `${what}: the answer is ${type}, not what Jenkins sends`, {
    status: response.status,
    retryable: false,
    details: { reason: "not_jenkins" },
  });
}

const REASON_OF_CODE: Record<string, JenkinsReason> = {
  ECONNREFUSED: "connection_refused",
  ENOTFOUND: "host_unknown",
  EAI_AGAIN: "host_unknown",
  EHOSTUNREACH: "host_unknown",
  ENETUNREACH: "host_unknown",
  UND_ERR_CONNECT_TIMEOUT: "connection_refused",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
};
const causeSchema = z.object({ code: z.string() });
const blockedSchema = z.object({ message: z.literal("bad port") });

function reasonOf(error: Error): JenkinsReason {
  if (error.name === "TimeoutError") return "timeout";
  if (error.name === "AbortError") return "given_up";
  if (blockedSchema.safeParse(error.cause).success) return "port_blocked";
  const code = causeSchema.safeParse(error.cause).data?.code ?? "";
  if (/CERT|SELF_SIGNED|ERR_TLS|UNABLE_TO_VERIFY/.test(code)) return "certificate";
  return REASON_OF_CODE[code] ?? "other";
}

const WORDS: Partial<Record<JenkinsReason, string>> = {
  timeout: "no answer in time",
  connection_refused: "the connection was refused",
  host_unknown: "the host cannot be found",
  certificate: "its certificate is not trusted",
  port_blocked: "no HTTP is allowed on this port",
  given_up: "given up",
};

/** Turns whatever went wrong into an `AdapterError`: no answer, or one that cannot be read. */
export function toAdapterError(what: string, error: unknown): AdapterError {
  if (error instanceof AdapterError) return error;
  // What was refused when the connection was made: nothing was sent.
  if (error instanceof Error && error.cause instanceof AdapterError) return error.cause;
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    return new AdapterError("broken", `${what}: unexpected answer: ${message}`, {
      retryable: false,
      details: { reason: "other" },
      cause: error,
    });
  }
  const reason = error instanceof Error ? reasonOf(error) : "other";
  const words = WORDS[reason] ?? "the connection broke";
  return new AdapterError("unreachable", `${what}: ${words}`, {
    // A certificate does not mend itself; an address may be corrected.
    retryable: reason !== "certificate",
    details: { reason },
    cause: error,
  });
}

const detailsSchema = z.object({ reason: z.string(), permission: z.string().optional() });

/** `details` of an error of this adapter, as far as they are there. */
export function detailsOf(error: AdapterError): { reason: string; permission?: string | undefined } {
  return detailsSchema.safeParse(error.details).data ?? { reason: "other" };
}
