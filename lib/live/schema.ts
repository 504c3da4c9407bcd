import { z } from "zod";
import { idPageQuerySchema, pageOf } from "#lib/http/page.ts";
import { assessmentSchema, podViewSchema } from "#lib/rollouts/schema.ts";
import { environmentParams } from "./params.ts";

const person = z.object({ username: z.string(), displayName: z.string() });

export const liveSchema = z.object({
  project: z.string(),
  environment: z.string(),
  mayOperate: z.boolean(),
  targets: z.array(
    z.object({
      cluster: z.string(),
      namespace: z.string(),
      wave: z.number(),
      /** `unknown`: the cluster did not answer; what is below says nothing then. */
      state: z.enum(["known", "unknown"]),
      /** Of the cluster; null when unknown. */
      version: z.string().nullable(),
      message: z.string().nullable(),
      workloads: z.array(
        assessmentSchema.omit({ pods: true }).extend({
          component: z.string(),
          kind: z.string(),
          name: z.string(),
          release: z.string().nullable(),
          images: z.array(z.object({ container: z.string(), image: z.string() })),
          revisions: z.array(
            z.object({
              name: z.string(),
              revision: z.enum(["new", "old"]),
              release: z.string().nullable(),
              pods: z.array(podViewSchema),
            }),
          ),
        }),
      ),
      /** Newest first. */
      events: z.array(
        z.object({
          at: z.string().nullable(),
          type: z.string(),
          reason: z.string(),
          object: z.string(),
          message: z.string(),
          count: z.number(),
        }),
      ),
      /** Fields that are not as they were deployed; `missing`: the whole object is gone. */
      drift: z.array(
        z.object({
          object: z.string(),
          component: z.string(),
          kind: z.enum(["changed", "missing"]),
          field: z.string(),
          expected: z.string(),
          actual: z.string(),
          manager: z.string().nullable(),
        }),
      ),
    }),
  ),
});
export type LiveDto = z.infer<typeof liveSchema>;

export const historyQuerySchema = idPageQuerySchema.extend({
  /** What ran at that time: only deployments that had succeeded by then. */
  at: z.iso.datetime({ offset: true }).optional(),
});
export const historySchema = pageOf(
  z.object({
    id: z.string(),
    kind: z.string(),
    release: z.string(),
    title: z.string(),
    endedAt: z.string(),
    by: person,
    images: z.array(z.object({ component: z.string(), image: z.string(), digest: z.string() })),
    /** Components of which nothing newer succeeded (until `at`). */
    current: z.array(z.string()),
  }),
);

export const podParams = environmentParams.extend({ pod: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,252}$/) });
export const podLogQuerySchema = z.object({
  cluster: z.string(),
  /** Needed only where the environment has several in one cluster. */
  namespace: z.string().optional(),
  container: z.string().optional(),
  previous: z.enum(["0", "1"]).default("0"),
  tail: z.coerce.number().int().min(1).max(10_000).default(500),
  follow: z.enum(["0", "1"]).default("0"),
});

export const WORKLOAD_KINDS = ["Deployment", "StatefulSet", "DaemonSet"] as const;
const workload = z.object({
  cluster: z.string(),
  namespace: z.string().optional(),
  kind: z.enum(WORKLOAD_KINDS),
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,252}$/),
});
export const restartSchema = workload;
export const scaleSchema = workload.extend({
  kind: z.enum(["Deployment", "StatefulSet"]),
  replicas: z.number().int().min(0).max(50),
});
export const operatedSchema = z.object({
  cluster: z.string(),
  namespace: z.string(),
  kind: z.string(),
  name: z.string(),
});
