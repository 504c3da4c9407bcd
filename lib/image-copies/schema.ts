import { z } from "zod";
import { planActionSchema } from "#lib/plans/schema.ts";
import { copyCauseSchema } from "./cause.ts";
import { COPY_STATES } from "./state.ts";

/** An image of a release order on its way to the registry of an environment. */
export const imageCopySchema = z.object({
  id: z.string(),
  release: z.string(),
  component: z.string(),
  artifact: z.string(),
  digest: z.string(),
  /** Host of the registry that it was pushed to. */
  from: z.string(),
  /** Host and repository that it is copied to. */
  to: z.string(),
  /** Key of that registry. */
  registry: z.string(),
  registryName: z.string(),
  state: z.enum(COPY_STATES),
  attempts: z.number(),
  maxAttempts: z.number(),
  /** Bytes that went over the wire in all attempts; what was there already costs none. */
  sentBytes: z.number(),
  /** Of the whole image; null for an index, or while the registry has not been asked. */
  totalBytes: z.number().nullable(),
  /** Null: the portal, which found that the registry had lost it. */
  askedBy: z.object({ username: z.string(), displayName: z.string() }).nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** When it is tried again by itself; null where it is not waiting for that. */
  nextAttemptAt: z.string().nullable(),
  /** Of a copy that was made: since when its registry has not had it any more. */
  goneSince: z.string().nullable(),
  /** Of the last attempt that failed. */
  cause: copyCauseSchema.nullable(),
  actions: z.object({ retry: planActionSchema }),
});
export type ImageCopyDto = z.infer<typeof imageCopySchema>;
export const imageCopyListSchema = z.object({ items: z.array(imageCopySchema), nextCursor: z.null() });
export const imageCopyQuerySchema = z.object({ release: z.string(), environment: z.string() });
export const imageCopyParams = z.object({ id: z.uuid() });
