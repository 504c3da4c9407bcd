import { z } from "zod";
import { PROJECT_ROLES } from "#lib/access/roles.ts";
import { pageOf, pageQuerySchema } from "#lib/http/page.ts";
import { ticketPatternSchema, ticketPatternsSchema } from "#lib/tickets/schema.ts";

/** Part of URLs, image names and Kubernetes labels: a DNS label of at most 40 characters. */
export const keySchema = z
  .string()
  .min(2)
  .max(40)
  .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, "lower-case letters, digits and hyphens, starting with a letter");
export const nameSchema = z.string().trim().min(1).max(80);

export const personSchema = z.object({ username: z.string(), displayName: z.string() });

export const projectSchema = z.object({
  key: z.string(),
  name: z.string(),
  description: z.string(),
  version: z.number(),
  /** On its path, in order of rank. */
  environments: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      rank: z.number(),
      kind: z.string(),
      developersMayDeploy: z.boolean(),
    }),
  ),
  components: z.number(),
  /** The caller's roles in it. */
  roles: z.array(z.string()),
});
export type ProjectDto = z.infer<typeof projectSchema>;

export const projectDetailSchema = projectSchema.extend({
  members: z.array(personSchema.extend({ roles: z.array(z.string()), disabled: z.boolean() })),
  grants: z.array(
    z.object({
      id: z.string(),
      person: personSchema,
      environment: z.string(),
      reason: z.string(),
      grantedBy: personSchema,
      expiresAt: z.string(),
    }),
  ),
  /** The Prometheus that its smoke checks ask. */
  prometheusUrl: z.string().nullable(),
  /** How many builds of it run or wait on build servers at once; null: as many as there are. */
  maxBuilds: z.number().nullable(),
  /** A new build takes the place of those of the same component and ref that still wait. */
  supersedeQueuedBuilds: z.boolean(),
  /** How tickets are found in commits, and where they are. */
  ticketPatterns: z.array(ticketPatternSchema),
  mayManage: z.boolean(),
  mayEditCatalog: z.boolean(),
});
export type ProjectDetailDto = z.infer<typeof projectDetailSchema>;

export const projectListSchema = pageOf(projectSchema);
export const projectQuerySchema = pageQuerySchema.extend({ q: z.string().max(100).optional() });
export const createProjectSchema = z.object({
  key: keySchema,
  name: nameSchema,
  description: z.string().max(2000).default(""),
  /** Username of the first owner. */
  owner: z.string(),
});
export const updateProjectSchema = z.object({
  version: z.int32(),
  name: nameSchema.optional(),
  description: z.string().max(2000).optional(),
  /** Base URL without credentials; null takes it away. */
  prometheusUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .refine((url) => {
      const { username, password, search, hash } = new URL(url);
      return [username, password, search, hash].every((part) => part === "");
    }, "an address without user, query and fragment")
    .nullable()
    .optional(),
  /** How many builds run or wait on build servers at once, the rest wait here; null: no cap. */
  maxBuilds: z.int().min(1).max(100).nullable().optional(),
  supersedeQueuedBuilds: z.boolean().optional(),
  ticketPatterns: ticketPatternsSchema.optional(),
  /** The path: environments by key, with the switch that lets developers deploy in open ones. */
  environments: z
    .array(z.object({ key: z.string(), developersMayDeploy: z.boolean() }))
    .min(1)
    .optional(),
});
export const setMemberSchema = z.object({ username: z.string(), roles: z.array(z.enum(PROJECT_ROLES)) });
export const createGrantSchema = z.object({
  username: z.string(),
  environment: z.string(),
  reason: z.string().trim().min(3).max(500),
  expiresAt: z.iso.datetime({ offset: true }),
});
export const projectParams = z.object({ project: z.string() });
