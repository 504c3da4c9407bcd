import { z } from "zod";
import { idPageQuerySchema, pageOf } from "#lib/http/page.ts";
import { approvalSchema, planActionSchema, planPersonSchema } from "#lib/plans/schema.ts";
import { causeSchema, progressSchema, stepDetailSchema } from "./content.ts";
import { DEPLOYMENT_STATES } from "./state.ts";

export const startDeploymentSchema = z.object({
  planDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  scheduledAt: z.iso.datetime({ offset: true }).optional(),
  /** The environment's name, typed by hand where it matters. */
  confirm: z.string().optional(),
});
export const rollbackSchema = z.object({
  /** The deployment whose manifests are restored; left out: what the answer's plan names. */
  to: z.uuid().optional(),
});
export const deploymentParams = z.object({ id: z.uuid() });
export const deploymentQuerySchema = idPageQuerySchema.extend({
  project: z.string().optional(),
  environment: z.string().optional(),
  release: z.string().optional(),
  /** One state, or several with commas between. */
  state: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(DEPLOYMENT_STATES)))
    .optional(),
});

const base = {
  id: z.string(),
  release: z.string(),
  title: z.string(),
  project: z.string(),
  environment: z.string(),
  kind: z.enum(["deploy", "rollback"]),
  state: z.enum(DEPLOYMENT_STATES),
  version: z.number(),
  attempt: z.number(),
  planDigest: z.string(),
  createdBy: planPersonSchema,
  createdAt: z.string(),
  scheduledAt: z.string().nullable(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  cancelRequestedAt: z.string().nullable(),
  cause: causeSchema.nullable(),
};
export const deploymentSummarySchema = z.object({
  ...base,
  images: z.array(z.object({ component: z.string(), image: z.string(), digest: z.string() })),
  targets: z.array(
    z.object({ cluster: z.string(), namespace: z.string(), wave: z.number(), state: z.string() }),
  ),
});
export type DeploymentSummaryDto = z.infer<typeof deploymentSummarySchema>;
export const deploymentListSchema = pageOf(deploymentSummarySchema);

export const deploymentSchema = z.object({
  ...base,
  images: deploymentSummarySchema.shape.images,
  /** Where a rollback's manifests come from. */
  sources: z.array(z.object({ component: z.string(), deployment: z.string(), release: z.string() })),
  approvals: z.array(approvalSchema),
  /** Median of the last successful ones here, milliseconds. */
  usualMs: z.number().nullable(),
  targets: z.array(
    z.object({
      id: z.string(),
      cluster: z.string(),
      namespace: z.string(),
      wave: z.number(),
      state: z.string(),
      startedAt: z.string().nullable(),
      endedAt: z.string().nullable(),
      cause: causeSchema.nullable(),
      steps: z.array(
        z.object({
          name: z.string(),
          attempt: z.number(),
          state: z.string(),
          startedAt: z.string().nullable(),
          endedAt: z.string().nullable(),
          detail: stepDetailSchema.nullable(),
        }),
      ),
      workloads: progressSchema,
    }),
  ),
  actions: z.object({ cancel: planActionSchema, retry: planActionSchema, rollback: planActionSchema }),
});
export type DeploymentDto = z.infer<typeof deploymentSchema>;
