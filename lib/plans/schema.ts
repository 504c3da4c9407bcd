import { z } from "zod";
import { blockerSchema } from "#lib/errors.ts";
import { imageFindingSchema } from "#lib/image-policies/schema.ts";
import { PLAN_PARTS } from "./compare.ts";
import {
  conflictChoiceSchema,
  planCheckSchema,
  planInputsSchema,
  planReviewSchema,
  stepSpecSchema,
} from "./content.ts";

export const planPersonSchema = z.object({ username: z.string(), displayName: z.string() });
export const planActionSchema = z.object({ allowed: z.boolean(), blockers: z.array(blockerSchema) });
export const differenceSchema = z.object({
  part: z.enum(PLAN_PARTS),
  subject: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export const approvalSchema = z.object({
  person: planPersonSchema,
  roles: z.array(z.string()),
  decision: z.enum(["approve", "reject"]),
  comment: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  valid: z.boolean(),
  /** `REPLACED`, `STALE`, `EXPIRED`, `RIGHT_LOST`, `OWN_RELEASE`; null while valid. */
  voidReason: z.string().nullable(),
});
export type ApprovalDto = z.infer<typeof approvalSchema>;

/** Who answers for what: wrote, raised, built, let in, judged. */
export const responsibilitySchema = z.object({
  createdBy: planPersonSchema,
  items: z.array(
    z.object({
      component: z.string(),
      commit: z.string().nullable(),
      subject: z.string().nullable(),
      author: z.string().nullable(),
      builtBy: planPersonSchema.nullable(),
    }),
  ),
  stages: z.array(
    z.object({
      environment: z.string(),
      state: z.string(),
      enteredBy: planPersonSchema.nullable(),
      testedBy: planPersonSchema.nullable(),
      verdict: z.enum(["pass", "reject"]).nullable(),
      verdictAt: z.string().nullable(),
      comment: z.string().nullable(),
    }),
  ),
});

export const planSchema = z.object({
  digest: z.string(),
  kind: z.enum(["deploy", "rollback"]),
  release: z.string(),
  title: z.string(),
  project: z.string(),
  environment: z.string(),
  sourceDeployment: z.string().nullable(),
  sources: planInputsSchema.shape.sources,
  createdBy: planPersonSchema,
  createdAt: z.string(),
  computedAt: z.string(),
  targets: planReviewSchema.shape.targets,
  /** What `origin` of lines and fields counts. */
  origins: planReviewSchema.shape.origins,
  choices: planInputsSchema.shape.choices,
  strategies: planInputsSchema.shape.strategies,
  /** What the run of each target goes through. */
  steps: z.array(z.object({ cluster: z.string(), namespace: z.string(), steps: z.array(stepSpecSchema) })),
  checks: z.array(planCheckSchema),
  blockers: z.array(blockerSchema),
  images: planInputsSchema.shape.images,
  /** What the environment's image policy says of them, and which waiver lets each thing through. */
  findings: z.array(imageFindingSchema),
  templates: planInputsSchema.shape.templates,
  configs: planInputsSchema.shape.configs,
  approvals: z.array(approvalSchema),
  approvalRule: z.object({
    required: z.number(),
    given: z.number(),
    satisfied: z.boolean(),
    fourEyes: z.boolean(),
    excluded: z.array(z.object({ person: z.string(), reason: z.string() })),
  }),
  /** Still what would be computed from the database. */
  current: z.boolean(),
  changedSince: z.array(differenceSchema),
  /** Of an outdated plan: the one that somebody computed after it for the same stage, and how it differs from this one. */
  newer: z
    .object({
      digest: z.string(),
      createdBy: planPersonSchema,
      computedAt: z.string(),
      differences: z.array(z.object({ part: z.enum(PLAN_PARTS), count: z.number() })),
    })
    .nullable(),
  deployments: z.array(z.object({ id: z.string(), state: z.string() })),
  responsibility: responsibilitySchema,
  actions: z.object({
    approve: planActionSchema,
    reject: planActionSchema,
    deploy: planActionSchema,
    /** Deciding about fields that others own. */
    choose: planActionSchema,
    /** Asking for a waiver of what the image policy refuses. */
    waive: planActionSchema,
  }),
});
export type PlanDto = z.infer<typeof planSchema>;
export const planParams = z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) });
export const stagePlanParams = z.object({ number: z.string(), environment: z.string() });
/** Left out: what was decided before goes on. A list is the whole of what is decided. */
export const computePlanSchema = z.object({ choices: z.array(conflictChoiceSchema).max(1000).optional() });
export const choosePlanSchema = z.object({ choices: z.array(conflictChoiceSchema).max(1000) });
