import { z } from "zod";
import { pageOf, pageQuerySchema } from "#lib/http/page.ts";

export const auditEntrySchema = z.object({
  seq: z.string(),
  at: z.string(),
  /** Username as it was then. */
  actor: z.string(),
  /** Display name of today; the username where there is no such user (any more), and for `system`. */
  actorName: z.string(),
  action: z.string(),
  subject: z.string(),
  subjectId: z.string(),
  /** What that is called today, and its page; null where it is gone, or has no other name. */
  about: z.object({ name: z.string(), href: z.string().nullable() }).nullable(),
  project: z.string().nullable(),
  data: z.unknown(),
  requestId: z.string().nullable(),
  hash: z.string(),
});
export type AuditEntryDto = z.infer<typeof auditEntrySchema>;
export const auditListSchema = pageOf(auditEntrySchema);
export const auditQuerySchema = pageQuerySchema.extend({
  cursor: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
  project: z.string().max(60).optional(),
  actor: z.string().max(60).optional(),
  /** A whole action (`plan.approve`) or its noun (`plan`). */
  action: z.string().max(60).optional(),
  subjectId: z.string().max(200).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;
export const auditVerificationSchema = z.object({
  ok: z.boolean(),
  /** Entries looked at. */
  entries: z.number(),
  /** The first entry that does not fit, and why. */
  broken: z.object({ seq: z.string(), reason: z.enum(["HASH", "CHAIN", "GAP", "HEAD"]) }).nullable(),
  head: z.string(),
});
export type AuditVerificationDto = z.infer<typeof auditVerificationSchema>;
