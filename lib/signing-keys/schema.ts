import { z } from "zod";
import { keySchema, nameSchema } from "#lib/projects/schema.ts";

export const signingKeySchema = z.object({
  key: z.string(),
  name: z.string(),
  /** PEM, SubjectPublicKeyInfo */
  publicKey: z.string(),
  algorithm: z.string(),
  /** SHA-256 (hex) of the key's DER. */
  fingerprint: z.string(),
  createdAt: z.string(),
  /** Since when its signatures do not count any more. */
  revokedAt: z.string().nullable(),
  /** Artifacts that it verified when they were last looked at. */
  artifacts: z.number(),
});
export type SigningKeyDto = z.infer<typeof signingKeySchema>;
export const signingKeyListSchema = z.object({
  items: z.array(signingKeySchema),
  nextCursor: z.string().nullable(),
});
export const createSigningKeySchema = z.object({
  key: keySchema,
  name: nameSchema,
  publicKey: z.string().max(10_000),
});
export const updateSigningKeySchema = z.object({
  name: nameSchema.optional(),
  revoked: z.literal(true).optional(),
});
export const signingKeyParams = z.object({ key: z.string().max(40) });
