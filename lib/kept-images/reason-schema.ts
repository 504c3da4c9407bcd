import { z } from "zod";

/** Why an image is kept, the strongest first. */
export const KEEP_REASONS = ["runs", "deploys", "plan", "rollback", "flow"] as const;
export type KeepReason = (typeof KEEP_REASONS)[number];

/** `KeptImage.reasons` */
export const reasonSchema = z.object({
  reason: z.enum(KEEP_REASONS),
  project: z.string(),
  component: z.string(),
  /** Null: wherever its release order is on its way to. */
  environment: z.string().nullable(),
  release: z.string(),
});
export type Reason = z.infer<typeof reasonSchema>;

/** `KeptImage.problem`: why its registry could not be told. `no_labels`: the registry has none. */
export const keepProblemSchema = z.object({ failure: z.string(), message: z.string(), at: z.string() });
export type KeepProblem = z.infer<typeof keepProblemSchema>;

/** The label that a registry is told to put on, where it has labels. */
export const KEEP_LABEL = "refract-keep";
