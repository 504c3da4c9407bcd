import { z } from "zod";
import { blockerSchema } from "#lib/errors.ts";
import { assessmentSchema, evidenceSchema } from "#lib/rollouts/schema.ts";

/** JSON columns of a deployment and its target runs, parsed at every door. */
export const causeSchema = z.object({
  code: z.string(),
  message: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  /** Lines that show it: the container's last words, the server's refusal. Never a secret. */
  evidence: z.array(evidenceSchema).default([]),
  /** For a cancelled deployment: which objects are new and which are as before. */
  objects: z
    .array(
      z.object({
        cluster: z.string(),
        namespace: z.string(),
        object: z.string(),
        state: z.enum(["new", "old", "unknown"]),
      }),
    )
    .optional(),
  /** Since when a cluster has not answered, or a target that was well is not. */
  since: z.string().optional(),
  /** Of a failed deployment that its environment's policy undoes: what became of that. */
  rollback: z
    .object({
      state: z.enum(["due", "started", "refused"]),
      /** Why it was not started. */
      blockers: z.array(blockerSchema).default([]),
    })
    .optional(),
});
export type CauseInput = z.input<typeof causeSchema>;

/** Workloads as last seen, with the component each belongs to. */
export const progressSchema = z.array(
  assessmentSchema.extend({ component: z.string(), kind: z.string(), name: z.string() }),
);
export type Progress = z.infer<typeof progressSchema>;

/** A smoke check as last seen. `since`: of the state; a check that fails for longer than its time is `failed`. */
export const checkResultSchema = z.object({
  component: z.string(),
  name: z.string(),
  kind: z.string(),
  state: z.enum(["running", "passed", "failing", "failed"]),
  message: z.string(),
  since: z.string(),
});
export type CheckResult = z.infer<typeof checkResultSchema>;

export const COMPARED_PARTS = [
  "manifest",
  "image",
  "secrets",
  "nodes",
  "quota",
  "pod_security",
  "version",
] as const;
/** A failed target beside one where the same plan is healthy: part by part what is the same and what differs. */
export const comparisonSchema = z.object({
  with: z.object({ cluster: z.string(), namespace: z.string() }),
  parts: z.array(
    z.object({
      part: z.enum(COMPARED_PARTS),
      /** Null when one side could not be read. */
      same: z.boolean().nullable(),
      /** What each side has, line by line; only what differs where `same` is false. */
      here: z.array(z.string()),
      there: z.array(z.string()),
    }),
  ),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** `taken_over`: applied by force, because the plan takes those fields over from another manager. */
export const APPLY_RESULTS = [
  "applied",
  "taken_over",
  "already",
  "deleted",
  "gone",
  "checked",
  "refused",
  // As it was before: what the run had put there was taken back.
  "restored",
] as const;
const stepObjectSchema = z.object({
  object: z.string(),
  result: z.enum(APPLY_RESULTS),
  /** The one that the cluster gave to what was applied: a rollout is judged by it. */
  generation: z.number().optional(),
  /** Fields that were taken over, with the manager that owned them. */
  fields: z.array(z.object({ field: z.string(), manager: z.string() })).optional(),
});
export const stepDetailSchema = z.object({
  objects: z.array(stepObjectSchema).optional(),
  note: z.string().optional(),
  /** Of `verify` and of a `wait` for checks. */
  checks: z.array(checkResultSchema).optional(),
  /** Why the step failed, kept before what it left is taken back. */
  failure: causeSchema.optional(),
  /** Of a `wait`: since when (ISO 8601) what is waited with is not well. */
  unwellSince: z.string().optional(),
});
export type StepDetail = z.infer<typeof stepDetailSchema>;
