import { z } from "zod";
import { conflictChoiceSchema, planInputsSchema, planManifestsSchema } from "./content.ts";
import { approvalSchema, planPersonSchema, planSchema } from "./schema.ts";

/** Readers of the file go by it: it changes when a field changes its meaning. */
export const EVIDENCE_FORMAT = "refract.dev/plan-evidence/v1";

/**
 * A plan as auditors keep it. `digest` is the SHA-256 of the canonical JSON of `inputs`, and `inputs.manifests` that of
 * `manifests`: whoever has the file can compute both again.
 */
export const planEvidenceSchema = planSchema.omit({ actions: true }).extend({
  format: z.literal(EVIDENCE_FORMAT),
  exportedAt: z.string(),
  exportedBy: planPersonSchema,
  inputs: planInputsSchema,
  manifests: planManifestsSchema,
  choices: z.array(
    conflictChoiceSchema.extend({
      decidedBy: z.string().nullable(),
      decidedAt: z.string().nullable(),
      decidedFor: z.string().nullable(),
    }),
  ),
  /** Each for the digest that it was given to. */
  approvals: z.array(approvalSchema.extend({ digest: z.string() })),
});
export type PlanEvidence = z.infer<typeof planEvidenceSchema>;
