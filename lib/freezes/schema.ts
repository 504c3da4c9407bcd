import { z } from "zod";
import { idPageQuerySchema, pageOf } from "#lib/http/page.ts";

const person = z.object({ username: z.string(), displayName: z.string() });

export const freezeSchema = z.object({
  id: z.string(),
  /** Null: every project. */
  project: z.string().nullable(),
  environment: z.string(),
  startsAt: z.string(),
  endsAt: z.string(),
  reason: z.string(),
  createdBy: person,
  cancelledAt: z.string().nullable(),
  state: z.enum(["planned", "active", "over", "cancelled"]),
  mayCancel: z.boolean(),
});
export type FreezeDto = z.infer<typeof freezeSchema>;
export const freezeListSchema = pageOf(freezeSchema);
export const freezeQuerySchema = idPageQuerySchema.extend({
  project: z.string().optional(),
  environment: z.string().optional(),
  /** `open`: planned and active ones only. */
  state: z.enum(["open", "all"]).default("open"),
});
export const createFreezeSchema = z
  .object({
    /** Left out: every project (the platform's own right). */
    project: z.string().optional(),
    environment: z.string(),
    startsAt: z.iso.datetime({ offset: true }),
    endsAt: z.iso.datetime({ offset: true }),
    reason: z.string().trim().min(3).max(500),
  })
  .refine(({ startsAt, endsAt }) => Date.parse(startsAt) < Date.parse(endsAt), {
    path: ["endsAt"],
    message: "ends before it starts",
  });
export const freezeParams = z.object({ id: z.uuid() });
