import { z } from "zod";
import { findingSchema } from "#lib/clusters/schema.ts";
import { keySchema, nameSchema } from "#lib/projects/schema.ts";

export const registrySchema = z.object({
  key: z.string(),
  name: z.string(),
  url: z.string(),
  username: z.string().nullable(),
  components: z.number(),
});
export type RegistryDto = z.infer<typeof registrySchema>;
export const registryListSchema = z.object({
  items: z.array(registrySchema),
  nextCursor: z.string().nullable(),
});
export const createRegistrySchema = z.object({
  key: keySchema,
  name: nameSchema,
  url: z.url({ protocol: /^https?$/ }),
  username: z.string().max(200).optional(),
  password: z.string().max(500).optional(),
});
export const registryParams = z.object({ registry: z.string() });
export const registryCheckSchema = z.object({ key: z.string(), findings: z.array(findingSchema) });
