import { endpoint } from "#lib/http/endpoint.ts";
import { auditListSchema, auditQuerySchema, auditVerificationSchema } from "./schema.ts";

const tag = "audit";
export const listAuditApi = endpoint({
  method: "GET",
  path: "/audit",
  tag,
  summary: "Audit entries, newest first",
  query: auditQuerySchema,
  answer: auditListSchema,
});
export const verifyAuditApi = endpoint({
  method: "GET",
  path: "/audit/verify",
  tag,
  summary: "Check the whole hash chain",
  answer: auditVerificationSchema,
});
