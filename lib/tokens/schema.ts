import { z } from "zod";

export const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
});
export type TokenDto = z.infer<typeof tokenSchema>;
export const tokenListSchema = z.object({ items: z.array(tokenSchema), nextCursor: z.string().nullable() });
export const createTokenSchema = z.object({
  name: z.string().trim().min(1).max(80),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});
/** The only answer that holds the token. */
export const createdTokenSchema = tokenSchema.extend({ token: z.string() });
export const tokenParams = z.object({ token: z.uuid() });
