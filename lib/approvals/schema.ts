import { z } from "zod";
import { idPageQuerySchema, pageOf } from "#lib/http/page.ts";
import { planPersonSchema } from "#lib/plans/schema.ts";

export const decideSchema = z
  .object({
    decision: z.enum(["approve", "reject"]),
    comment: z.string().trim().max(2000).default(""),
  })
  .refine(({ decision, comment }) => decision === "approve" || comment !== "", {
    path: ["comment"],
    message: "say why it is rejected",
  });

export const INBOX_BOXES = ["waiting", "decided"] as const;
export const inboxQuerySchema = idPageQuerySchema.extend({ box: z.enum(INBOX_BOXES).default("waiting") });

export const inboxItemSchema = z.object({
  digest: z.string(),
  kind: z.string(),
  release: z.string(),
  title: z.string(),
  project: z.string(),
  environment: z.string(),
  createdBy: planPersonSchema,
  computedAt: z.string(),
  required: z.number(),
  given: z.number(),
  /** Objects that would be created, changed and deleted. */
  changes: z.object({ create: z.number(), change: z.number(), delete: z.number() }),
  /** The caller's own decision, if any. */
  mine: z
    .object({
      decision: z.string(),
      comment: z.string(),
      createdAt: z.string(),
      expiresAt: z.string(),
      valid: z.boolean(),
    })
    .nullable(),
});
export type InboxItemDto = z.infer<typeof inboxItemSchema>;
export const inboxSchema = pageOf(inboxItemSchema);
