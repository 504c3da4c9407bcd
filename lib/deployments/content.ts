import { z } from "zod";
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
  /** Since when a cluster has not answered. */
  since: z.string().optional(),
});
export type CauseInput = z.input<typeof causeSchema>;

/** Workloads as last seen, with the component each belongs to. */
export const progressSchema = z.array(
  assessmentSchema.extend({ component: z.string(), kind: z.string(), name: z.string() }),
);
export type Progress = z.infer<typeof progressSchema>;

export const APPLY_RESULTS = ["applied", "already", "deleted", "gone", "checked", "refused"] as const;
export const stepDetailSchema = z.object({
  /** `generation` is the one that the cluster gave to what was applied: a rollout is judged by it. */
  objects: z
    .array(z.object({ object: z.string(), result: z.enum(APPLY_RESULTS), generation: z.number().optional() }))
    .optional(),
  note: z.string().optional(),
});
export type StepDetail = z.infer<typeof stepDetailSchema>;
