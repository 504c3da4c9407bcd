import { z } from "zod";

/** Why a rollout does not get on. Stable codes; their texts for people are translated elsewhere. */
export const CAUSE_CODES = [
  "IMAGE_PULL",
  "CRASH",
  "OOM_KILLED",
  "PROBE_FAILING",
  "UNSCHEDULABLE",
  "QUOTA",
  "POD_SECURITY",
  "MISSING_CONFIG",
  "DEADLINE_EXCEEDED",
  "UNKNOWN",
] as const;
export type CauseCode = (typeof CAUSE_CODES)[number];

export const ROLLOUT_STATES = ["progressing", "healthy", "failed"] as const;
export const POD_STATES = ["pending", "starting", "ready", "failing", "terminating", "succeeded"] as const;

/** Times are ISO 8601 texts as the cluster gives them; null where it gives none. */
const time = z.string().nullable();

export const evidenceSchema = z.object({
  source: z.enum(["event", "log", "status"]),
  text: z.string(),
  at: time,
});
export type Evidence = z.infer<typeof evidenceSchema>;

export const causeSchema = z.object({
  code: z.enum(CAUSE_CODES),
  /** English, for logs. */
  message: z.string(),
  /** Values for the translated text of the code: pod, container, image, exitCode, restarts, … */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  evidence: z.array(evidenceSchema),
});
export type Cause = z.infer<typeof causeSchema>;

export const podViewSchema = z.object({
  name: z.string(),
  revision: z.enum(["new", "old"]),
  state: z.enum(POD_STATES),
  /** The cluster's own word, e.g. `CrashLoopBackOff`; null when there is nothing to say. */
  reason: z.string().nullable(),
  /** Of all containers together. */
  restarts: z.number(),
  /** The container that `image`, `digest` and `reason` speak of: the one in trouble, else the first. */
  container: z.string().nullable(),
  image: z.string().nullable(),
  /** `sha256:…` of what runs; null before the image was pulled. */
  digest: z.string().nullable(),
  node: z.string().nullable(),
  startedAt: time,
  /** Since when it is ready, or when it ended well; not there in what was recorded before this was noted. */
  settledAt: time.optional(),
});
export type PodView = z.infer<typeof podViewSchema>;

export const assessmentSchema = z.object({
  state: z.enum(ROLLOUT_STATES),
  desired: z.number(),
  /** Pods of the new revision. */
  updated: z.number(),
  ready: z.number(),
  available: z.number(),
  /** Pods of older revisions that are still there, those going away included. */
  oldPods: z.number(),
  pods: z.array(podViewSchema),
  /** While progressing: what holds it up so far. When failed: always there. */
  cause: causeSchema.optional(),
});
export type Assessment = z.infer<typeof assessmentSchema>;
