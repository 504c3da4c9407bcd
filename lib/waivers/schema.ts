import { z } from "zod";
import { idPageQuerySchema, pageOf } from "#lib/http/page.ts";
import { IMAGE_RULES } from "#lib/image-policies/schema.ts";
import { planActionSchema } from "#lib/plans/schema.ts";
import { WAIVER_STATES } from "./state.ts";

/** What is let through for longer has to be asked for again. */
export const MAX_WAIVER_DAYS = 90;
/** A waiver that ends within this many days is told as ending. */
export const ENDING_DAYS = 7;

const person = z.object({ username: z.string(), displayName: z.string() });
export const waiverSchema = z.object({
  id: z.string(),
  project: z.string(),
  /** Null: every component of the project. */
  component: z.string().nullable(),
  environment: z.string(),
  /** A rule of the image policy, or a vulnerability. */
  subject: z.string(),
  reason: z.string(),
  /** Who answers for it. */
  owner: person,
  state: z.enum(WAIVER_STATES),
  askedBy: person,
  createdAt: z.string(),
  expiresAt: z.string(),
  decidedBy: person.nullable(),
  decidedAt: z.string().nullable(),
  comment: z.string(),
  /** The release order that it was asked for; it holds for others, too. */
  release: z.string().nullable(),
  version: z.number(),
  actions: z.object({ decide: planActionSchema, revoke: planActionSchema }),
});
export type WaiverDto = z.infer<typeof waiverSchema>;
export const waiverListSchema = pageOf(waiverSchema);

/**
 * `waiting`: those of the open ones that the caller may decide on; `due`: those that end soon and that the caller answers
 * for.
 */
export const WAIVER_VIEWS = ["waiting", "open", "granted", "ending", "due", "ended"] as const;
export type WaiverView = (typeof WAIVER_VIEWS)[number];
export const waiverQuerySchema = idPageQuerySchema.extend({
  view: z.enum(WAIVER_VIEWS).default("open"),
  project: z.string().optional(),
  environment: z.string().optional(),
});
export const askWaiverSchema = z.object({
  project: z.string(),
  environment: z.string(),
  /** Left out: every component of the project. */
  component: z.string().optional(),
  subject: z.union([
    z.enum(IMAGE_RULES),
    // Scanners name them alike: CVE-2026-1234, GHSA-xxxx-xxxx-xxxx, DLA-1234-1.
    z
      .string()
      .trim()
      .max(60)
      .regex(/^[A-Z]{2,10}-[A-Za-z0-9.:-]+$/, "a rule or the id of a vulnerability"),
  ]),
  reason: z.string().trim().min(3).max(1000),
  /** Username; left out: who asks. */
  owner: z.string().optional(),
  expiresAt: z.iso.datetime({ offset: true }),
  /** Number of the release order that it is asked for. */
  release: z.string().optional(),
});
export const decideWaiverSchema = z.object({
  decision: z.enum(["grant", "decline"]),
  comment: z.string().trim().max(1000).default(""),
  version: z.int32(),
});
export const waiverParams = z.object({ id: z.uuid() });
