import { z } from "zod";
import { pageOf, pageQuerySchema } from "#lib/http/page.ts";
import { KEEP_REASONS, keepProblemSchema, reasonSchema } from "./reason-schema.ts";

/** `set`: the registry carries it; `none`: it has no labels; `waiting`: it is told next; `failed`: it could not be told. */
export const LABEL_STATES = ["set", "waiting", "failed", "none"] as const;
export type LabelState = (typeof LABEL_STATES)[number];

const text = z.string().max(200).optional();
const filters = {
  registry: text,
  project: text,
  environment: text,
  reason: z.enum(KEEP_REASONS).optional(),
  label: z.enum(LABEL_STATES).optional(),
  /** Part of the repository or of the digest. */
  search: text,
};
export const keptImageQuerySchema = pageQuerySchema.extend({
  ...filters,
  cursor: z.string().max(600).optional(),
});
export type KeptImageQuery = z.infer<typeof keptImageQuerySchema>;
export type KeptImageFilters = Partial<Pick<KeptImageQuery, keyof typeof filters>>;

export const keptImageSchema = z.object({
  registry: z.string(),
  registryName: z.string(),
  /** How references to it begin. */
  host: z.string(),
  repository: z.string(),
  digest: z.string(),
  /** Those of projects that the reader may see, the strongest first. */
  reasons: z.array(reasonSchema),
  since: z.string(),
  label: z.enum(LABEL_STATES),
  labelledAt: z.string().nullable(),
  /** Why the registry could not be told. */
  problem: keepProblemSchema.nullable(),
});
export type KeptImageDto = z.infer<typeof keptImageSchema>;
export const keptImageListSchema = pageOf(keptImageSchema).extend({
  /** Of all that the filters let through. */
  total: z.number(),
});
export type KeptImagePage = z.infer<typeof keptImageListSchema>;

export const keptDigestsQuerySchema = z.object({
  /** Key of a registry. */
  registry: z.string().max(200),
});

const selectorSchema = z.object({
  kind: z.literal("doublestar"),
  decoration: z.string(),
  pattern: z.string(),
});
/** For each project of each Harbor the rule that retains what is kept there. */
export const keptRetentionSchema = z.object({
  items: z.array(
    z.object({
      registry: z.string(),
      registryName: z.string(),
      project: z.string(),
      images: z.number(),
      /** What "matching" takes in Harbor's form. */
      repositories: z.string(),
      tags: z.string(),
      /** As one of `rules` of Harbor's API `PUT /api/v2.0/retentions/{id}`. */
      rule: z.object({
        disabled: z.boolean(),
        action: z.literal("retain"),
        template: z.literal("always"),
        params: z.record(z.string(), z.never()),
        tag_selectors: z.array(selectorSchema.extend({ extras: z.string() })),
        scope_selectors: z.object({ repository: z.array(selectorSchema) }),
      }),
    }),
  ),
  nextCursor: z.null(),
});
export type KeptRetentionDto = z.infer<typeof keptRetentionSchema>;
