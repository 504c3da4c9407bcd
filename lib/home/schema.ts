import { z } from "zod";
import { personSchema } from "#lib/projects/schema.ts";

export const WAITING_KINDS = [
  "approval",
  "continue",
  "verdict",
  "turn",
  "deploy",
  "flow",
  "deploy_failed",
  "copy_failed",
  "build_failed",
  "build_aborted",
] as const;

/** One thing that waits for the reader. */
export const waitingSchema = z.object({
  kind: z.enum(WAITING_KINDS),
  project: z.string(),
  projectName: z.string(),
  release: z.string(),
  title: z.string(),
  components: z.array(z.string()),
  environment: z.string().nullable(),
  /** Who is behind it: the creator, or who deployed. */
  person: personSchema,
  since: z.string(),
  /** Plan to approve or deploy, deployment or build that failed. */
  planDigest: z.string().nullable(),
  deployment: z.string().nullable(),
  build: z.string().nullable(),
  /** Of a plan to approve: how many agreed of how many, and what it would do to objects. */
  approval: z
    .object({
      given: z.number(),
      required: z.number(),
      create: z.number(),
      change: z.number(),
      delete: z.number(),
    })
    .nullable(),
  /** Of a failure: code and facts of its cause. */
  cause: z
    .object({ code: z.string(), message: z.string(), facts: z.record(z.string(), z.unknown()) })
    .nullable(),
  /** Images that did not get to the environment's registry: the ids of their copies. */
  copies: z.array(z.string()).optional(),
});
export type WaitingDto = z.infer<typeof waitingSchema>;

export const CELL_MARKS = ["deploying", "testing", "failed", "queued", "behind"] as const;
export const cellSchema = z.object({
  environment: z.string(),
  release: z.string().nullable(),
  title: z.string().nullable(),
  digest: z.string().nullable(),
  deployedAt: z.string().nullable(),
  deployedBy: personSchema.nullable(),
  deployment: z.string().nullable(),
  marks: z.array(
    z.object({
      kind: z.enum(CELL_MARKS),
      release: z.string(),
      person: personSchema.nullable(),
      count: z.number(),
    }),
  ),
});
export type CellDto = z.infer<typeof cellSchema>;

export const matrixProjectSchema = z.object({
  key: z.string(),
  name: z.string(),
  environments: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      kind: z.string(),
      rank: z.number(),
      frozenUntil: z.string().nullable(),
      freezeReason: z.string().nullable(),
      heldBy: personSchema.nullable(),
      heldFor: z.string().nullable(),
      queue: z.number(),
    }),
  ),
  components: z.array(
    z.object({ key: z.string(), name: z.string(), kind: z.string(), cells: z.array(cellSchema) }),
  ),
});
export type MatrixProjectDto = z.infer<typeof matrixProjectSchema>;

export const activitySchema = z.object({
  seq: z.string(),
  at: z.string(),
  actor: personSchema,
  action: z.string(),
  project: z.string(),
  release: z.string().nullable(),
  environment: z.string().nullable(),
});

/** What the next 24 hours hold: freeze windows that touch them, and deployments that start by themselves. */
export const agendaSchema = z.object({
  freezes: z.array(
    z.object({
      id: z.string(),
      /** Null: every project. */
      project: z.string().nullable(),
      environment: z.string(),
      startsAt: z.string(),
      endsAt: z.string(),
      reason: z.string(),
    }),
  ),
  scheduled: z.array(
    z.object({
      deployment: z.string(),
      release: z.string(),
      title: z.string(),
      environment: z.string(),
      at: z.string(),
      components: z.array(z.string()),
    }),
  ),
});
export type AgendaDto = z.infer<typeof agendaSchema>;

export const homeSchema = z.object({
  /** The database's clock at this answer. */
  now: z.string(),
  waiting: z.array(waitingSchema),
  projects: z.array(matrixProjectSchema),
  agenda: agendaSchema,
  activity: z.array(activitySchema),
});
export type HomeDto = z.infer<typeof homeSchema>;
