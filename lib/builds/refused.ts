import { z } from "zod";
import type { AdapterError, AdapterFailure } from "#lib/errors.ts";
import type { Cause } from "./schema.ts";

const CODES: Partial<Record<AdapterFailure, string>> = {
  unauthorized: "CREDENTIAL_REFUSED",
  forbidden: "PERMISSION_MISSING",
  missing: "JOB_MISSING",
  conflict: "JOB_DISABLED",
};
const permissionSchema = z.object({ permission: z.string() });

/** Why a build server took no build, where only a person can change that: the credential, a right, the job. */
export function causeOfRefusal(error: AdapterError, server: string): Cause {
  const { permission } = permissionSchema.safeParse(error.details).data ?? { permission: "Job/Build" };
  return {
    code: CODES[error.failure] ?? "BUILD_SERVER_REFUSED",
    message: error.message,
    facts: { server, failure: error.failure, ...(error.failure === "forbidden" ? { permission } : {}) },
  };
}
