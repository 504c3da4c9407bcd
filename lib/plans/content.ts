import { z } from "zod";
import { blockerSchema } from "#lib/errors.ts";
import { PHASES, smokeCheckSchema, stepInputSchema, strategySchema } from "#lib/strategies/schema.ts";

/** What a plan row holds. Written by lib/plans, executed by lib/deployments; parsed at both doors. */

export const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});
export const objectRefSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
});

export const CONFLICT_CHOICES = ["leave", "take_over"] as const;
/**
 * A person's word on a field that another manager owns: `leave` takes it out of what is applied there, `take_over`
 * writes it by force. What is neither is a blocker.
 */
export const conflictChoiceSchema = z.object({
  cluster: z.string(),
  namespace: z.string(),
  /** `Kind name` */
  object: z.string(),
  /** As the API server writes it: `.spec.replicas` */
  field: z.string(),
  manager: z.string(),
  choice: z.enum(CONFLICT_CHOICES),
});
export type ConflictChoice = z.infer<typeof conflictChoiceSchema>;

/** One step of a target's run; the names are those of lib/deployments/state.ts. */
export const stepSpecSchema = z.object({ name: z.string(), input: stepInputSchema.optional() });
export type StepSpec = z.infer<typeof stepSpecSchema>;
export const STANDARD_STEPS: StepSpec[] = [
  { name: "dry_run" },
  { name: "apply" },
  { name: "roll_out" },
  { name: "verify" },
];

/**
 * What is applied, in order. Two annotations are added while applying because they name the deployment and the plan
 * itself: `refract.dev/deployment`, `refract.dev/plan`.
 */
export const planManifestsSchema = z.object({
  targets: z.array(
    z.object({
      targetId: z.string(),
      cluster: z.string(),
      namespace: z.string(),
      wave: z.number().int(),
      createNamespace: z.boolean(),
      objects: z.array(
        z.object({
          component: z.string(),
          manifest: manifestSchema,
          /** For a Secret: which version of each value is filled in while applying. Values are never in a plan. */
          secretVersions: z.record(z.string(), z.number().int()).optional(),
          /** In which step it is written. */
          phase: z.enum(PHASES).default("apply"),
          /** Fields that are written by force although this manager owns them now. Any other conflict is refused. */
          takeOver: z.array(z.object({ field: z.string(), manager: z.string() })).default([]),
        }),
      ),
      /**
       * Small Deployments that stand beside the stable ones while a canary is tried; `spec.replicas` is set by each
       * `canary` step. Gone when the run ends, however it ends.
       */
      canaries: z.array(z.object({ component: z.string(), manifest: manifestSchema })).default([]),
      steps: z.array(stepSpecSchema).default(STANDARD_STEPS),
      /** Objects of these components that an earlier deployment applied and this plan lacks. */
      prune: z.array(z.object({ component: z.string(), ref: objectRefSchema })),
    }),
  ),
});
export type PlanManifests = z.infer<typeof planManifestsSchema>;

/** What the digest covers, named part by part: comparing two tells a reader what changed. */
export const planInputsSchema = z.object({
  kind: z.enum(["deploy", "rollback"]),
  release: z.string(),
  environment: z.string(),
  sourceDeployment: z.string().nullable(),
  /** For a rollback: where each component's manifests come from. */
  sources: z
    .array(z.object({ component: z.string(), deployment: z.string(), release: z.string() }))
    .default([]),
  images: z.array(z.object({ component: z.string(), image: z.string(), digest: z.string() })),
  targets: z.array(z.object({ cluster: z.string(), namespace: z.string(), wave: z.number() })),
  templates: z.array(
    z.object({ component: z.string(), templateId: z.string(), name: z.string(), version: z.number() }),
  ),
  configs: z.array(
    z.object({ component: z.string(), version: z.number(), secrets: z.record(z.string(), z.number()) }),
  ),
  /** What templates are told of each component besides its config. */
  components: z.array(
    z.object({ component: z.string(), name: z.string(), kind: z.string(), port: z.number() }),
  ),
  /** How each component goes out, and how it is judged. */
  strategies: z
    .array(
      z.object({
        component: z.string(),
        strategy: strategySchema,
        checks: z.array(smokeCheckSchema),
      }),
    )
    .default([]),
  choices: z.array(conflictChoiceSchema).default([]),
  /** Those that let something through which the image policy refuses; left out where none does. */
  waivers: z
    .array(
      z.object({ component: z.string(), subject: z.string(), waiver: z.string(), expiresAt: z.string() }),
    )
    .optional(),
  /** Objects that are deleted: `cluster/namespace: Kind name`. */
  prune: z.array(z.string()),
  /** SHA-256 of the canonical JSON of the manifests. */
  manifests: z.string(),
});
export type PlanInputs = z.infer<typeof planInputsSchema>;

export const CHANGES = ["create", "change", "unchanged", "delete"] as const;
/** Where a changed line comes from; `cluster`: a default of the server, or somebody else's change. */
export const CHANGE_SOURCES = ["artifact", "config", "template", "release", "cluster"] as const;
const setBy = {
  person: z.string().nullable(),
  /** ISO 8601; null where nobody recorded it. */
  at: z.string().nullable(),
};
/** What stands behind a changed line, as the record has it. */
export const originSchema = z.discriminatedUnion("source", [
  z.object({ source: z.literal("artifact"), component: z.string(), image: z.string(), digest: z.string() }),
  z.object({
    source: z.literal("config"),
    component: z.string(),
    values: z.array(
      z.object({
        name: z.string(),
        /** The component's config in this environment, the component itself, or the portal's default. */
        layer: z.enum(["environment", "component", "portal"]),
        /** Of the config, where it got this value. */
        version: z.number().nullable(),
        ...setBy,
      }),
    ),
  }),
  z.object({
    source: z.literal("template"),
    component: z.string(),
    name: z.string(),
    version: z.number(),
    ...setBy,
  }),
  z.object({ source: z.literal("release"), number: z.string() }),
  /** `manager`: who wrote what stands there now; null for a default. */
  z.object({ source: z.literal("cluster"), manager: z.string().nullable() }),
]);
export type Origin = z.infer<typeof originSchema>;
const whence = {
  source: z.enum(CHANGE_SOURCES).nullable(),
  /** Index into the review's `origins`. */
  origin: z.number().int().nullable().default(null),
};
export const diffLineSchema = z.object({
  kind: z.enum(["same", "added", "removed"]),
  /** 1-based line numbers in the old and the new text; null on the other side. */
  left: z.number().nullable(),
  right: z.number().nullable(),
  text: z.string(),
  ...whence,
});
export const planObjectSchema = z.object({
  component: z.string(),
  kind: z.string(),
  apiVersion: z.string(),
  name: z.string(),
  change: z.enum(CHANGES),
  diff: z.array(diffLineSchema),
  added: z.number(),
  removed: z.number(),
  warnings: z.array(z.string()),
  /** Fields of a changed object, the first 300; values are cut at 300 characters, null is no value. */
  fields: z
    .array(
      z.object({
        field: z.string(),
        before: z.string().nullable(),
        after: z.string().nullable(),
        ...whence,
      }),
    )
    .default([]),
  /** Fields that another manager owns, and what was decided about each. */
  conflicts: z.array(
    z.object({
      field: z.string(),
      manager: z.string(),
      /** When that manager wrote there for the last time, ISO 8601; null where that is not on record. */
      since: z.string().nullable().default(null),
      /** Index into `diff` of the line that the field stands in. */
      line: z.number().int().nullable().default(null),
      /** What the manifest says, and what stands there; null where that is not known. */
      ours: z.string().nullable().default(null),
      theirs: z.string().nullable().default(null),
      /** The autoscaler that chooses this field: then only leaving it makes sense. */
      autoscaler: z.string().nullable().default(null),
      choice: z.enum(CONFLICT_CHOICES).nullable().default(null),
    }),
  ),
  /** Fields that are given up: their value afterwards (null: gone), and who else keeps them where they are. */
  dropped: z
    .array(
      z.object({
        field: z.string(),
        before: z.string(),
        after: z.string().nullable(),
        owners: z.array(z.string()),
      }),
    )
    .default([]),
});
export const planCheckSchema = z.object({
  code: z.string(),
  state: z.enum(["ok", "warning", "failed"]),
  message: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});
/** Result of looking at the world when the plan was computed last. */
export const planReviewSchema = z.object({
  targets: z.array(
    z.object({
      cluster: z.string(),
      namespace: z.string(),
      wave: z.number(),
      reachable: z.boolean(),
      namespaceExists: z.boolean(),
      objects: z.array(planObjectSchema),
    }),
  ),
  checks: z.array(planCheckSchema),
  blockers: z.array(blockerSchema),
  origins: z.array(originSchema).default([]),
});
export type PlanReview = z.infer<typeof planReviewSchema>;
