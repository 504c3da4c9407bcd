import { z } from "zod";
import { STEP_KINDS, STEP_PARTIES } from "./life.ts";

/** A zone by its name: an offset would be read the other way round by the database. */
function isZone(name: string): boolean {
  if (!/^[A-Za-z][\w+/-]*$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

export const statisticsQuerySchema = z.object({
  project: z.string().max(60).optional(),
  /** Key of a component: its images and builds; release orders and deployments that have it. */
  component: z.string().max(60).optional(),
  /**
   * Key of an environment: its deployments; release orders that passed it (lead time then ends there); images and builds
   * of release orders that got into it.
   */
  environment: z.string().max(60).optional(),
  /** Whole days up to today, as the zone counts them. */
  days: z.coerce.number().int().min(1).max(366).default(30),
  /** So many days earlier: the period before the last thirty days are thirty days, thirty days back. */
  back: z.coerce.number().int().min(0).max(732).default(0),
  /** The reader's time zone, e.g. `Europe/Berlin`. */
  zone: z.string().max(60).refine(isZone, "not the name of a time zone").default("Asia/Shanghai"),
});
export type StatisticsQuery = z.infer<typeof statisticsQuerySchema>;

const count = z.number();
/** Null for the others: the twenty busiest are told apart. */
const name = z.string().nullable();
export const imagesPerDaySchema = z.object({
  projects: z.array(z.object({ day: z.string(), project: name, images: count })),
  components: z.array(z.object({ day: z.string(), project: name, component: name, images: count })),
});
export type ImagesPerDay = z.infer<typeof imagesPerDaySchema>;

const seconds = z.number().nullable();
const percentiles = z.object({ p50: seconds, p75: seconds, p95: seconds });
/** Each over the single builds of its group, never over other groups' figures. */
const buildFiguresSchema = z.object({
  succeeded: z.number(),
  failed: z.number(),
  /** Asked for by somebody, so neither a success nor a failure. */
  aborted: z.number(),
  /** Succeeded / (succeeded + failed); null without either. */
  successRate: z.number().nullable(),
  /** Seconds from start to end of builds that succeeded. */
  duration: percentiles,
  /** Seconds from asked for to started, of builds that started. */
  queue: percentiles,
});
export type BuildFigures = z.infer<typeof buildFiguresSchema>;
export const buildStatisticsSchema = z.object({
  all: buildFiguresSchema,
  days: z.array(buildFiguresSchema.extend({ day: z.string() })),
  projects: z.array(buildFiguresSchema.extend({ project: z.string() })),
  /** The 200 with the most builds. */
  components: z.array(buildFiguresSchema.extend({ project: z.string(), component: z.string() })),
  /** By the key of the build server that an attempt was sent to. */
  servers: z.array(buildFiguresSchema.extend({ server: z.string() })),
  /** Why builds failed, the most frequent first; `UNKNOWN` where no cause was recorded. */
  causes: z.array(z.object({ code: z.string(), builds: z.number() })),
});
export type BuildStatistics = z.infer<typeof buildStatisticsSchema>;

export const deploymentStatisticsSchema = z.object({
  items: z.array(
    z.object({ day: z.string(), project: name, environment: z.string(), succeeded: count, failed: count }),
  ),
  /** Why deployments failed, the most frequent first; `UNKNOWN` where no cause was recorded. */
  causes: z.array(z.object({ code: z.string(), deployments: count })),
});
export type DeploymentStatistics = z.infer<typeof deploymentStatisticsSchema>;

const leadTimeFigures = z.object({
  /** Release orders that were released (or passed the environment asked for) in the period, whenever they were raised. */
  releases: z.number(),
  /** Seconds from creation to the last environment's verdict, or the asked one's: median over release orders. */
  medianSeconds: seconds,
  /** Deployments to the last environment, or the asked one, that succeeded or failed. */
  deployments: z.number(),
  /**
   * Change failure rate: release orders deployed there that led to a failed deployment (in any attempt, also one that a
   * retry put right) or to a rollback / all release orders deployed there; null without any.
   */
  failureRate: z.number().nullable(),
  /** Seconds from a failed attempt of a deployment to the next good one in the same environment: median over failures. */
  restoreSeconds: seconds,
});
export const leadTimeSchema = z.object({
  all: leadTimeFigures,
  /** Projects that had a release order or a deployment, the one with the most release orders first; 200 at most. */
  items: z.array(leadTimeFigures.extend({ project: z.string() })),
});
export type LeadTime = z.infer<typeof leadTimeSchema>;

const situation = {
  kind: z.enum(STEP_KINDS),
  environment: z.string().nullable(),
  mode: z.enum(["working", "waiting"]),
  on: z.enum(STEP_PARTIES),
};
/** One release order's life, cut without gap or overlap. */
export const releaseLifeSchema = z.object({
  /** When it was looked at: the last step of an order under way lasts until now. */
  now: z.string(),
  open: z.boolean(),
  steps: z.array(z.object({ ...situation, from: z.string(), until: z.string() })),
});
export type ReleaseLifeDto = z.infer<typeof releaseLifeSchema>;

export const stepsSchema = z.object({
  /** Release orders as for the lead time, and how many of them (the latest) are looked at here. */
  releases: z.number(),
  counted: z.number(),
  medianSeconds: seconds,
  /** Part of all the time that was waiting, 0 to 1; null without any time. */
  waitingShare: z.number().nullable(),
  /** In the order of a life: before the first environment, then environment by environment. */
  items: z.array(
    z.object({
      ...situation,
      /** Release orders that had such a step. */
      releases: z.number(),
      /** Over every release order that is counted: the means of all steps add up to the mean lead time. */
      meanSeconds: z.number(),
      /** Over the release orders that had such a step. */
      medianSeconds: z.number(),
      p95Seconds: z.number(),
      /** Of all the time, 0 to 1. */
      share: z.number(),
    }),
  ),
});
export type Steps = z.infer<typeof stepsSchema>;
