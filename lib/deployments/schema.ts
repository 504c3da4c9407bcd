import { z } from "zod";
import { environmentSchema } from "#lib/environments/schema.ts";
import { idPageQuerySchema, pageOf } from "#lib/http/page.ts";
import { approvalSchema, planActionSchema, planPersonSchema } from "#lib/plans/schema.ts";
import { stepInputSchema, WAIT_KINDS } from "#lib/strategies/schema.ts";
import { causeSchema, comparisonSchema, progressSchema, stepDetailSchema } from "./content.ts";
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

const reasonSchema = z.string().trim().min(3).max(500);
export const continueDeploymentSchema = z.object({
  /** The step that waits for a person. */
  step: z.uuid().optional(),
  /** The wave that waits to begin. Neither: a pause is ended. */
  wave: z.number().int().optional(),
});
export const skipTargetSchema = z.object({ target: z.uuid(), reason: reasonSchema });

/** What a deployment that runs waits for. Who answers names `wave` or `step`: a second click never answers the next. */
export const waitingSchema = z.object({
  kind: z.enum(["paused", "wave_gate", "wave_pause", "step", "health"]),
  wave: z.number().optional(),
  /** When it is over by itself. */
  until: z.string().optional(),
  /** The target at whose step, or for whose health, it waits. */
  target: z.string().optional(),
  step: z.string().optional(),
  /** Of a step: what ends it. */
  wait: z.enum(WAIT_KINDS).optional(),
});
export type WaitingDto = z.infer<typeof waitingSchema>;
/** What a person does to a deployment that has begun; each is an audit entry `deployment.<act>`. */
export const ACTS = ["pause", "continue", "skip", "retry", "cancel"] as const;
const actSchema = z.object({
  act: z.enum(ACTS),
  at: z.string(),
  by: planPersonSchema,
  /** Of a step that was let go on, and of a skip: the target. */
  cluster: z.string().nullable(),
  namespace: z.string().nullable(),
  /** Of a wave that was let begin. */
  wave: z.number().nullable(),
  /** Of a skip. */
  reason: z.string().nullable(),
});
export type ActDto = z.infer<typeof actSchema>;
const linkSchema = z.object({ id: z.string(), release: z.string(), state: z.enum(DEPLOYMENT_STATES) });

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
  /** The failed deployment that this rollback undoes by the environment's policy, without a person. */
  automaticFor: z.string().nullable(),
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
  pausedAt: z.string().nullable(),
  waiting: waitingSchema.nullable(),
  policy: environmentSchema.pick({
    waveGate: true,
    wavePauseSeconds: true,
    maxFailedTargets: true,
    onFailure: true,
  }),
  /** Of a rollback that nobody asked for: what it undoes. Of a failed one: the rollback that undoes it so. */
  undoes: linkSchema.nullable(),
  undoneBy: linkSchema.nullable(),
  /** Median of the last successful ones here, milliseconds; null while too few are known. */
  usualMs: z.number().nullable(),
  /** What people did to it, the earliest first. */
  acts: z.array(actSchema),
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
      skipReason: z.string().nullable(),
      comparison: comparisonSchema.nullable(),
      steps: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          attempt: z.number(),
          state: z.string(),
          startedAt: z.string().nullable(),
          endedAt: z.string().nullable(),
          /** Median of the same step in the last successful deployments here, milliseconds. */
          usualMs: z.number().nullable(),
          detail: stepDetailSchema.nullable(),
          input: stepInputSchema,
          /** Who let a step that waits for a person go on, and when. */
          continued: z.object({ by: planPersonSchema, at: z.string() }).nullable(),
        }),
      ),
      workloads: progressSchema,
    }),
  ),
  actions: z.object({
    cancel: planActionSchema,
    pause: planActionSchema,
    continue: planActionSchema,
    retry: planActionSchema,
    skip: planActionSchema,
    rollback: planActionSchema,
  }),
});
export type DeploymentDto = z.infer<typeof deploymentSchema>;
