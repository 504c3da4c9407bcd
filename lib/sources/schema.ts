import { z } from "zod";
import { componentParams } from "#lib/components/schema.ts";
import { pageOf } from "#lib/http/page.ts";
import { commitSchema, refSchema } from "#lib/releases/schema.ts";

export const sourceParams = componentParams;
/** Where the next page begins; what it says is the Git host's own matter. */
const cursorSchema = z
  .string()
  .regex(/^[a-z]?\d{1,6}(\.\d{1,3})?$/)
  .optional();
export const refsQuerySchema = z.object({
  search: z.string().trim().max(100).optional(),
  kind: z.enum(["branch", "tag"]).default("branch"),
  cursor: cursorSchema,
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const gitRefSchema = z.object({
  kind: z.enum(["branch", "tag"]),
  name: z.string(),
  commit: z.string(),
  head: commitSchema.nullable(),
  /** The ref that a new release takes when nobody chooses another. */
  isDefault: z.boolean(),
});
export const refListSchema = pageOf(gitRefSchema);
export type RefListDto = z.infer<typeof refListSchema>;

export const commitsQuerySchema = z.object({
  /** Left out: the component's default ref. */
  ref: refSchema.optional(),
  search: z.string().trim().max(100).optional(),
  cursor: cursorSchema,
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const commitListSchema = pageOf(commitSchema);
export type CommitListDto = z.infer<typeof commitListSchema>;
