import { z } from "zod";
import { SIZES } from "#lib/components/config-schema.ts";
import { idPageQuerySchema, pageOf } from "#lib/http/page.ts";
import { assessmentSchema, podViewSchema } from "#lib/rollouts/schema.ts";
import { environmentParams } from "./params.ts";

const person = z.object({ username: z.string(), displayName: z.string() });

const workloadSchema = assessmentSchema.omit({ pods: true }).extend({
  component: z.string(),
  kind: z.string(),
  name: z.string(),
  release: z.string().nullable(),
  /** Its controller was told to leave its pods as they are. */
  paused: z.boolean(),
  images: z.array(z.object({ container: z.string(), image: z.string() })),
  revisions: z.array(
    z.object({
      /** Of the ReplicaSet or the controller's revision. */
      name: z.string(),
      revision: z.enum(["new", "old"]),
      release: z.string().nullable(),
      pods: z.array(podViewSchema.extend({ containers: z.array(z.string()) })),
    }),
  ),
});
/** What a target told before it fell silent. Nothing of it is known to be true now. */
const lastSchema = z.object({
  /** ISO 8601: its last answer. */
  at: z.string(),
  version: z.string().nullable(),
  workloads: z.array(
    workloadSchema
      .pick({
        component: true,
        kind: true,
        name: true,
        release: true,
        state: true,
        ready: true,
        desired: true,
      })
      .extend({ digest: z.string().nullable(), drifted: z.boolean() }),
  ),
});
export const liveTargetSchema = z.object({
  cluster: z.string(),
  namespace: z.string(),
  wave: z.number(),
  /** `unknown`: the cluster did not answer; what is below says nothing then. */
  state: z.enum(["known", "unknown"]),
  /** Of the cluster; null when unknown. */
  version: z.string().nullable(),
  /** Why it is unknown; when known, what of it may not be seen. */
  message: z.string().nullable(),
  /** Only of an unknown one, and only if it answered since this process began to look; kept in memory alone. */
  last: lastSchema.nullable(),
  workloads: z.array(workloadSchema),
  /** Newest first. */
  events: z.array(
    z.object({
      /** Of the event itself; one of a namespace. */
      name: z.string(),
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
});
export type LiveTargetDto = z.infer<typeof liveTargetSchema>;
export const liveSchema = z.object({
  project: z.string(),
  environment: z.string(),
  mayOperate: z.boolean(),
  targets: z.array(liveTargetSchema),
});
export type LiveDto = z.infer<typeof liveSchema>;

/** The first message of the live stream, and again when the right changes: which targets there are, told or not. */
export const livePlaceSchema = liveSchema.pick({ mayOperate: true }).extend({
  targets: z.array(liveTargetSchema.pick({ cluster: true, namespace: true, wave: true })),
});
export type LivePlaceDto = z.infer<typeof livePlaceSchema>;

/** One message of the live stream: what is not as it was on one target. */
export const livePatchSchema = z.object({
  /** `<cluster>/<namespace>` */
  target: z.string(),
  /** `view` is all there is, whatever was told before. */
  whole: z.boolean(),
  /** Of `workloads` and `events` only those that changed. */
  view: liveTargetSchema.partial(),
  /** `<kind> <name>` of workloads and events that are gone. */
  gone: z.array(z.string()),
});
export type LivePatch = z.infer<typeof livePatchSchema>;

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

export const adoptableQuerySchema = z.object({
  /** Left out: all targets. */
  cluster: z.string().optional(),
  namespace: z.string().optional(),
});
export const adoptableSchema = z.object({
  /** Whether the reader may change the config of this environment. */
  mayEdit: z.boolean(),
  /** Drifted fields whose live value the component's config can hold. */
  items: z.array(
    z.object({
      cluster: z.string(),
      namespace: z.string(),
      object: z.string(),
      field: z.string(),
      component: z.string(),
      /** Of the config's value. */
      name: z.enum(SIZES),
      value: z.string(),
      /** The config holds it already; the next deployment brings it. */
      saved: z.boolean(),
    }),
  ),
});
export type AdoptableDto = z.infer<typeof adoptableSchema>;

export const timelineQuerySchema = z.object({
  /** Back from now. */
  days: z.coerce.number().int().min(1).max(366).default(30),
});
export const timelineSchema = z.object({
  /** ISO 8601, by the database's clock; `to` is now. */
  from: z.string(),
  to: z.string(),
  /** There were too many deployments: `from` is later than was asked for. */
  cut: z.boolean(),
  /** Those that the lanes name. */
  deployments: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      state: z.string(),
      /** A rollback that the environment's policy began. */
      automatic: z.boolean(),
      release: z.string(),
      title: z.string(),
      by: person,
      startedAt: z.string(),
      endedAt: z.string().nullable(),
    }),
  ),
  lanes: z.array(
    z.object({
      components: z.array(z.string()),
      /** What ran, the oldest first; the first may have begun before `from`. */
      spans: z.array(
        z.object({
          deployment: z.string(),
          release: z.string(),
          from: z.string(),
          /** Null: it runs now. */
          to: z.string().nullable(),
          /** From then on another deployment had written and not succeeded: parts may be another version. */
          unsureFrom: z.string().nullable(),
        }),
      ),
      /** Deployments that did not succeed, or not yet. */
      attempts: z.array(
        z.object({
          deployment: z.string(),
          release: z.string(),
          at: z.string(),
          to: z.string().nullable(),
          /** Whether it wrote anything. */
          touched: z.boolean(),
        }),
      ),
    }),
  ),
});
export type TimelineDto = z.infer<typeof timelineSchema>;

export const podParams = environmentParams.extend({ pod: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,252}$/) });
export const podLogQuerySchema = z.object({
  cluster: z.string(),
  /** Needed only where the environment has several in one cluster. */
  namespace: z.string().optional(),
  container: z.string().optional(),
  previous: z.enum(["0", "1"]).default("0"),
  /** The last lines only; left out: all that the cluster keeps. */
  tail: z.coerce.number().int().min(1).max(10_000).optional(),
  /** Seconds back from now. */
  since: z.coerce.number().int().min(1).max(31_536_000).optional(),
  /** Begins each line with the time at which the node took it. */
  timestamps: z.enum(["0", "1"]).default("0"),
  follow: z.enum(["0", "1"]).default("0"),
  /** Answers with a file's name. */
  download: z.enum(["0", "1"]).default("0"),
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
export const pauseSchema = workload.extend({ kind: z.literal("Deployment"), paused: z.boolean() });
export const reapplySchema = z.object({
  /** Left out: all that run there. */
  components: z.array(z.string()).min(1).max(200).optional(),
});
export const operatedSchema = z.object({
  cluster: z.string(),
  namespace: z.string(),
  kind: z.string(),
  name: z.string(),
});
