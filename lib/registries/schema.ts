import { z } from "zod";
import { findingSchema } from "#lib/clusters/schema.ts";
import { keySchema, nameSchema } from "#lib/projects/schema.ts";

export const REGISTRY_KINDS = ["oci", "harbor"] as const;
const registryFindingSchema = findingSchema.extend({
  /** Values that the translated text of `code` needs. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
/** `harbor`: its API is used, too, for scans and labels. */
const kindSchema = z.enum(REGISTRY_KINDS);
export const registrySchema = z.object({
  key: z.string(),
  name: z.string(),
  url: z.string(),
  kind: kindSchema,
  username: z.string().nullable(),
  checkedAt: z.string().nullable(),
  /** Of the last check; none when the address or the credential changed since. */
  findings: z.array(registryFindingSchema),
  /** What needs it: it is not forgotten while there is any of it. */
  uses: z.object({
    /** `<project>/<component>` that push there */
    components: z.array(z.string()),
    /** Keys of the environments that deploy from it as their own. */
    environments: z.array(z.string()),
    /** Keys of the base images that are watched there. */
    bases: z.array(z.string()),
    /** Images there that no cleanup may delete. */
    keptImages: z.number(),
    /** Keys of the environments whose policy names it. */
    policies: z.array(z.string()),
  }),
  version: z.number(),
});
export type RegistryDto = z.infer<typeof registrySchema>;
export const registryListSchema = z.object({
  items: z.array(registrySchema),
  nextCursor: z.string().nullable(),
});
const urlSchema = z.url({ protocol: /^https?$/ });
export const createRegistrySchema = z.object({
  key: keySchema,
  name: nameSchema,
  url: urlSchema,
  kind: kindSchema.default("oci"),
  username: z.string().max(200).optional(),
  password: z.string().max(500).optional(),
});
/** Another address drops the stored password unless a new one comes with it: what is kept is never sent elsewhere. */
export const updateRegistrySchema = z.object({
  version: z.int32(),
  name: nameSchema.optional(),
  url: urlSchema.optional(),
  kind: kindSchema.optional(),
  /** Null: nobody is named, the registry lets anybody in. */
  credential: z
    .object({ username: z.string().min(1).max(200), password: z.string().min(1).max(500) })
    .nullable()
    .optional(),
});
export const registryParams = z.object({ registry: z.string() });
