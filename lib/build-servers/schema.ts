import { z } from "zod";
import { keySchema, nameSchema } from "#lib/projects/schema.ts";

/** One thing that a check looked at; `ok` null: it cannot be known from here. */
export const serverFindingSchema = z.object({
  code: z.string(),
  ok: z.boolean().nullable(),
  message: z.string(),
  fix: z.string().optional(),
  /** Values for the translated text of `code`. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type ServerFinding = z.infer<typeof serverFindingSchema>;

export const buildServerSchema = z.object({
  key: z.string(),
  name: z.string(),
  url: z.string(),
  username: z.string(),
  jobName: z.string(),
  components: z.number(),
});
export type BuildServerDto = z.infer<typeof buildServerSchema>;
export const buildServerListSchema = z.object({
  items: z.array(buildServerSchema),
  nextCursor: z.string().nullable(),
});
export const createBuildServerSchema = z.object({
  key: keySchema,
  name: nameSchema,
  url: z.url({ protocol: /^https?$/ }),
  username: z.string().min(1).max(200),
  token: z.string().min(1).max(500),
  jobName: z.string().min(1).max(200).default("refract-build"),
});
export const buildServerParams = z.object({ buildServer: z.string() });
export const buildServerCheckSchema = z.object({ key: z.string(), findings: z.array(serverFindingSchema) });
