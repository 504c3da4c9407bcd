import { z } from "zod";

export const statisticsQuerySchema = z.object({
  project: z.string().max(60).optional(),
  /** Days back from now. */
  days: z.coerce.number().int().min(1).max(366).default(30),
});
export type StatisticsQuery = z.infer<typeof statisticsQuerySchema>;

const day = z.object({ day: z.string(), project: z.string() });
export const imagesPerDaySchema = z.object({ items: z.array(day.extend({ images: z.number() })) });
export const buildsPerDaySchema = z.object({
  items: z.array(
    day.extend({
      succeeded: z.number(),
      failed: z.number(),
      /** Seconds; null without a finished build. */
      medianSeconds: z.number().nullable(),
      p90Seconds: z.number().nullable(),
    }),
  ),
});
export const deploymentsPerDaySchema = z.object({
  items: z.array(day.extend({ environment: z.string(), succeeded: z.number(), failed: z.number() })),
});
export const leadTimeSchema = z.object({
  items: z.array(
    z.object({
      project: z.string(),
      releases: z.number(),
      /** Seconds from creation to the last environment's verdict: median. */
      medianSeconds: z.number().nullable(),
      /** Failed or rolled-back deployments to the last environment / all of them there; null without any. */
      failureRate: z.number().nullable(),
      /** Seconds from a failed deployment to the next good one in the same environment: median. */
      restoreSeconds: z.number().nullable(),
    }),
  ),
});
