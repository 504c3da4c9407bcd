import { z } from "zod";
import { blockerSchema } from "#lib/errors.ts";
import { idPageQuerySchema, pageOf, pageQuerySchema } from "#lib/http/page.ts";
import { keySchema, personSchema } from "#lib/projects/schema.ts";
import { ticketSchema } from "#lib/tickets/schema.ts";
import { WEBHOOK_EVENTS } from "#lib/webhooks/schema.ts";
import { REF_STATES } from "./ref-state.ts";
import { SHOWN_STATES } from "./shown-state.ts";
import { MAX_ITEMS, RELEASE_STATES } from "./state.ts";

// ---------------------------------------------------------------- input

/** A branch, a tag or a commit. Not a Git option, not a range. */
export const refSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^(?!-)(?!.*\.\.)[^\s~^:?*[\\]+$/, "a branch, a tag or a commit");
const titleSchema = z.string().trim().min(1).max(200);
const descriptionSchema = z.string().max(10_000);
export const releaseItemsSchema = z
  .array(z.object({ component: keySchema, ref: refSchema }))
  .min(1)
  .max(MAX_ITEMS)
  .refine((items) => new Set(items.map(({ component }) => component)).size === items.length, {
    error: "each component at most once",
  });

export const createReleaseSchema = z.object({
  project: keySchema,
  title: titleSchema,
  description: descriptionSchema.default(""),
  items: releaseItemsSchema,
  /** Start the builds at once. */
  build: z.boolean().default(false),
});
export const updateReleaseSchema = z.object({
  version: z.int32(),
  title: titleSchema.optional(),
  description: descriptionSchema.optional(),
  items: releaseItemsSchema.optional(),
});
export const releaseParams = z.object({ number: z.string().max(100) });
export const releaseQuerySchema = idPageQuerySchema.extend({
  project: z.string().optional(),
  /** As it is shown: `build_failed` leaves out what was only stopped. */
  state: z.enum(SHOWN_STATES).optional(),
  /** `true`: only those that the caller created. */
  mine: z.stringbool().optional(),
  component: z.string().optional(),
  /** Start of a number, or part of a title. */
  q: z.string().trim().max(100).optional(),
});
const MOST_LISTED = 200;
export const movedRefsQuerySchema = z.object({
  /** Numbers of release orders, with commas between. */
  releases: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.string().max(100)).max(MOST_LISTED)),
});
export const changesQuerySchema = z.object({ against: z.string().max(40) });
export const timelineQuerySchema = pageQuerySchema;

// ---------------------------------------------------------------- answers

/** Something the caller may do now; with blockers: why not yet, all at once. */
export const actionSchema = z.object({ action: z.string(), blockers: z.array(blockerSchema) });
export type ActionDto = z.infer<typeof actionSchema>;

const time = z.string();
export const itemBuildSchema = z.object({
  id: z.string(),
  state: z.string(),
  attempt: z.number(),
  createdAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  /** Median of the last successes, else the build server's own guess; milliseconds. */
  usualMs: z.number().nullable(),
  /** Until a running build is over, or how much longer than usual it takes already; milliseconds, when answered. */
  etaMs: z.number().nullable(),
  overdueMs: z.number().nullable(),
  /** Why it does not go on: a code (texts in `builds.waits`), the words of whoever keeps it waiting, how many are before it. */
  queueWhy: z.string().nullable(),
  queueReason: z.string().nullable(),
  queueAhead: z.number().nullable(),
});
export type ItemBuildDto = z.infer<typeof itemBuildSchema>;
export const releaseItemSchema = z.object({
  component: z.string(),
  componentName: z.string(),
  componentKind: z.string(),
  ref: z.string(),
  commit: z.string().nullable(),
  commitSubject: z.string().nullable(),
  commitAuthor: z.string().nullable(),
  /** The newest attempt. */
  build: itemBuildSchema.nullable(),
  artifact: z
    .object({ image: z.string(), digest: z.string(), sizeBytes: z.number().nullable(), source: z.string() })
    .nullable(),
});
export type ReleaseItemDto = z.infer<typeof releaseItemSchema>;

const stageSummarySchema = z.object({
  environment: z.string(),
  environmentName: z.string(),
  environmentKind: z.string(),
  rank: z.number(),
  state: z.string(),
});
export const releaseSummarySchema = z.object({
  number: z.string(),
  project: z.string(),
  projectName: z.string(),
  title: z.string(),
  state: z.enum(RELEASE_STATES),
  /** The state in a reader's words: `build_aborted` where nothing failed but was stopped. */
  shown: z.enum(SHOWN_STATES),
  createdBy: personSchema,
  createdAt: time,
  endedAt: time.nullable(),
  items: z.array(releaseItemSchema),
  stages: z.array(stageSummarySchema),
});
export type ReleaseSummaryDto = z.infer<typeof releaseSummarySchema>;
export const releaseListSchema = pageOf(releaseSummarySchema);

export const deploymentSummarySchema = z.object({
  id: z.string(),
  kind: z.string(),
  environment: z.string(),
  state: z.string(),
  planDigest: z.string(),
  createdBy: personSchema,
  createdAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  /** Whose approvals of its plan stand. */
  approvedBy: z.array(personSchema),
});
export type DeploymentSummaryDto = z.infer<typeof deploymentSummarySchema>;

export const stageSchema = stageSummarySchema.extend({
  version: z.number(),
  enteredBy: personSchema.nullable(),
  enteredAt: time.nullable(),
  testingAt: time.nullable(),
  verdictBy: personSchema.nullable(),
  verdictAt: time.nullable(),
  verdictComment: z.string().nullable(),
  approvalsRequired: z.number(),
  /** Number of the release that the last successful deployment put there. */
  runningRelease: z.string().nullable(),
  /** Who holds the environment, whichever release it is. */
  reservation: z
    .object({ release: z.string(), heldBy: personSchema, since: time, until: time.nullable() })
    .nullable(),
  queueLength: z.number(),
  /** Place of this release in the queue, 1 is next; null when it does not wait. */
  queuePosition: z.number().nullable(),
  /** Entering now would join the queue. */
  enterQueues: z.boolean(),
  /** The newest deployment of this release there. */
  deployment: deploymentSummarySchema.nullable(),
  actions: z.array(actionSchema),
});
export type StageDto = z.infer<typeof stageSchema>;

export const nextStepSchema = z.object({
  code: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Roles or usernames; `system` when nobody has to do anything. */
  who: z.array(z.string()),
  /** False: after the steps before it. */
  now: z.boolean(),
});
export type NextStep = z.infer<typeof nextStepSchema>;

/** The rule and the push that made a release order. */
export const releaseOriginSchema = z.object({
  event: z.enum(WEBHOOK_EVENTS),
  refPattern: z.string(),
  /** Who pushed, by the Git host's name for them; null once that is forgotten. */
  pusher: z.string().nullable(),
  /** What the Git host told, for who may see it. */
  delivery: z.object({ id: z.string(), host: z.string() }).nullable(),
});

export const releaseSchema = releaseSummarySchema.extend({
  description: z.string(),
  version: z.number(),
  stages: z.array(stageSchema),
  actions: z.array(actionSchema),
  next: z.array(nextStepSchema),
  /** Null: a person raised it. */
  origin: releaseOriginSchema.nullable(),
  deployments: z.array(deploymentSummarySchema),
});
export type ReleaseDto = z.infer<typeof releaseSchema>;

export const timelineSchema = pageOf(
  z.object({
    seq: z.string(),
    at: time,
    /** Null: the portal itself. */
    by: personSchema.nullable(),
    /** noun.verb */
    action: z.string(),
    subject: z.string(),
    subjectId: z.string(),
    facts: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
);
export type TimelineDto = z.infer<typeof timelineSchema>;

export const commitSchema = z.object({
  commit: z.string(),
  subject: z.string(),
  authorName: z.string(),
  authoredAt: time,
  tickets: z.array(ticketSchema),
});
export type CommitDto = z.infer<typeof commitSchema>;
export const changesSchema = z.object({
  against: z.string(),
  items: z.array(
    z.object({
      component: z.string(),
      componentName: z.string(),
      /** What runs there; null when nothing does, then `commits` is the history of `to`. */
      from: z.object({ release: z.string(), commit: z.string() }).nullable(),
      to: z.string().nullable(),
      commits: z.array(commitSchema),
      /** May exceed the commits listed. */
      total: z.number(),
      tickets: z.array(ticketSchema),
      /** Why the commits could not be read: REF_NOT_FOUND, or a failure of the Git host. */
      problem: z.string().nullable(),
    }),
  ),
});
export type ChangesDto = z.infer<typeof changesSchema>;

export const refsSchema = z.object({
  /** Frozen items only. */
  items: z.array(
    z.object({
      component: z.string(),
      ref: z.string(),
      state: z.enum(REF_STATES),
      /** How many commits the ref has that the frozen one has not. */
      commits: z.number(),
      /** Where the ref points now, when that is elsewhere. */
      newest: commitSchema.nullable(),
    }),
  ),
});
export type RefsDto = z.infer<typeof refsSchema>;

export const movedRefsSchema = z.object({
  items: z.array(
    z.object({
      release: z.string(),
      component: z.string(),
      ref: z.string(),
      /** `elsewhere`: a branch that points to another commit; `moved`: a tag that does. */
      state: z.enum(["elsewhere", "moved", "gone"]),
    }),
  ),
});
export type MovedRefsDto = z.infer<typeof movedRefsSchema>;
