import { z } from "zod";
import { personSchema } from "#lib/projects/schema.ts";
import { actionSchema, itemBuildSchema } from "#lib/releases/schema.ts";
import { BUILD_STATES } from "./state.ts";
import { WAIT_CODES } from "./wait.ts";

/** Why a stored log ends before the build server's own did. */
export const LOG_PROBLEMS = ["CONSOLE_GONE", "CONSOLE_REFUSED", "CONSOLE_BROKEN", "CONSOLE_SHORTER"] as const;
export type LogProblem = (typeof LOG_PROBLEMS)[number];

export const causeSchema = z.object({
  code: z.string(),
  message: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});
export type Cause = z.infer<typeof causeSchema>;

/** A stage of a pipeline; `durationMs` is null while it runs. */
const stageSchema = z.object({
  name: z.string(),
  state: z.enum(["running", "succeeded", "failed", "aborted", "skipped", "paused"]),
  startedAt: z.string().nullable(),
  durationMs: z.number().nullable(),
});
export const storedStagesSchema = z.array(stageSchema);
export type StoredStage = z.infer<typeof stageSchema>;

export const buildParams = z.object({ id: z.uuid() });
export const acceptBuildSchema = z.object({
  /** The digest that the person saw; refused when the registry has another one by now. */
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .optional(),
});
export const logQuerySchema = z.object({
  /** Byte offset that an earlier answer named: what follows it. Left out: the log as a file, or the `Range` of it. */
  offset: z.coerce.number().int().min(0).optional(),
  /** `inline`: a browser shows the file instead of keeping it. */
  show: z.literal("inline").optional(),
});

const time = z.string();
export const buildSchema = z.object({
  id: z.string(),
  project: z.string(),
  release: z.string(),
  component: z.string(),
  componentName: z.string(),
  ref: z.string(),
  commit: z.string().nullable(),
  commitSubject: z.string().nullable(),
  attempt: z.number(),
  state: z.enum(BUILD_STATES),
  version: z.number(),
  triggeredBy: personSchema,
  createdAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  /** Median of the last successes, else the build server's own guess; milliseconds. */
  usualMs: z.number().nullable(),
  /** Until it is over, or how much longer than usual it takes already; milliseconds, when answered. */
  etaMs: z.number().nullable(),
  overdueMs: z.number().nullable(),
  /** Why it does not go on: a code, the words of whoever keeps it waiting, how many are before it. */
  queueWhy: z.enum(WAIT_CODES).nullable(),
  queueReason: z.string().nullable(),
  queueAhead: z.number().nullable(),
  /** Key of the build server. */
  server: z.string(),
  abortRequestedAt: time.nullable(),
  cause: causeSchema.nullable(),
  /** Page of the build on the build server, its number and node. */
  url: z.string().nullable(),
  number: z.number().nullable(),
  node: z.string().nullable(),
  logBytes: z.number(),
  logComplete: z.boolean(),
  /** Secrets were masked in the log. */
  logMasked: z.boolean(),
  /** Why the stored log is not all of the build server's. */
  logProblem: z.enum(LOG_PROBLEMS).nullable(),
  /** Of a pipeline, in their order; empty for a job without. */
  stages: z.array(
    stageSchema.extend({
      /** Median of the component's last successful builds, milliseconds. */
      usualMs: z.number().nullable(),
    }),
  ),
  parameters: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Parameters with a value that the job does not declare: the build server dropped them. */
  dropped: z.array(z.string()),
  /** Secret build variables: which version was sent. */
  secrets: z.array(z.object({ name: z.string(), version: z.number() })),
  artifact: z
    .object({ image: z.string(), digest: z.string(), sizeBytes: z.number().nullable(), source: z.string() })
    .nullable(),
  /** Every attempt at this item, newest first. */
  attempts: z.array(
    z.object({
      id: z.string(),
      attempt: z.number(),
      state: z.string(),
      createdAt: time,
      startedAt: time.nullable(),
      endedAt: time.nullable(),
    }),
  ),
  actions: z.array(actionSchema),
});
export type BuildDto = z.infer<typeof buildSchema>;

/** Builds under way, of several release orders. */
export const openBuildsSchema = z.object({
  items: z.array(
    itemBuildSchema.extend({
      component: z.string(),
      componentName: z.string(),
      release: z.string(),
      releaseTitle: z.string(),
      project: z.string(),
      projectName: z.string(),
    }),
  ),
  /** More than are listed, perhaps. */
  total: z.number(),
  nextCursor: z.null(),
});
