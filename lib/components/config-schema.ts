import { z } from "zod";
import { environmentParams } from "#lib/live/params.ts";
import { ROLLING, smokeChecksSchema, strategySchema } from "#lib/strategies/schema.ts";
import { componentParams } from "./schema.ts";

/** Values that every component has: its pods, and what one of them gets. */
export const SIZES = ["replicas", "cpuRequest", "cpuLimit", "memoryRequest", "memoryLimit"] as const;
export type Size = (typeof SIZES)[number];
export const MOST_REPLICAS = 50;

const envName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "letters, digits and underscores, not beginning with a digit");
const quantity = z.string().max(20);

export const configParams = componentParams.extend({ environment: environmentParams.shape.environment });
const person = z.object({ username: z.string(), displayName: z.string() });

export const componentConfigSchema = z.object({
  project: z.string(),
  component: z.string(),
  environment: z.string(),
  replicas: z.number(),
  cpuRequest: z.string(),
  cpuLimit: z.string(),
  memoryRequest: z.string(),
  memoryLimit: z.string(),
  variables: z.record(z.string(), z.string()),
  /** Names and versions; values are never given back. */
  secrets: z.array(z.object({ name: z.string(), version: z.number(), updatedAt: z.string() })),
  /** The template chosen here; null takes the usual one. */
  templateId: z.string().nullable(),
  /** The template that a plan would use. */
  template: z.object({ id: z.string(), name: z.string(), version: z.number() }).nullable(),
  strategy: strategySchema,
  smokeChecks: smokeChecksSchema,
  /** 0 while nobody has saved it. */
  version: z.number(),
  mayEdit: z.boolean(),
});
export type ComponentConfigDto = z.infer<typeof componentConfigSchema>;

export const updateConfigSchema = z.object({
  /** The version that was edited; another one is refused. */
  version: z.int32().min(0),
  replicas: z.number().int().min(0).max(MOST_REPLICAS).optional(),
  cpuRequest: quantity.optional(),
  cpuLimit: quantity.optional(),
  memoryRequest: quantity.optional(),
  memoryLimit: quantity.optional(),
  /** All of them; left out keeps them. */
  variables: z
    .record(envName, z.string().max(10_000))
    .refine((variables) => Object.keys(variables).length <= 200, "at most 200 variables")
    .optional(),
  /** Only those that change: a value sets, null removes. */
  secrets: z
    .array(z.object({ name: envName, value: z.string().min(1).max(10_000).nullable() }))
    .max(100)
    .optional(),
  templateId: z.uuid().nullable().optional(),
  strategy: strategySchema.optional(),
  smokeChecks: smokeChecksSchema.optional(),
});

export const configVersionsSchema = z.object({
  items: z.array(
    z.object({
      version: z.number(),
      createdBy: person,
      createdAt: z.string(),
      snapshot: z.object({
        replicas: z.number(),
        cpuRequest: z.string(),
        cpuLimit: z.string(),
        memoryRequest: z.string(),
        memoryLimit: z.string(),
        variables: z.record(z.string(), z.string()),
        secrets: z.record(z.string(), z.number()),
        templateId: z.string().nullable(),
        strategy: strategySchema.default(ROLLING),
        smokeChecks: smokeChecksSchema.default([]),
      }),
    }),
  ),
});
