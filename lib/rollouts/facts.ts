import { z } from "zod";

/**
 * The parts of cluster objects that an assessment reads. Everything may be missing or null: a new object has no
 * status, and a bookmark carries zero values.
 */
const text = z.string().nullish();
const count = z.number().nullish();
const strings = z.record(z.string(), z.string()).nullish();

const metadataSchema = z.object({
  name: z.string(),
  uid: text,
  generation: count,
  labels: strings,
  annotations: strings,
  ownerReferences: z.array(z.object({ kind: z.string(), name: z.string(), uid: z.string() })).nullish(),
  creationTimestamp: text,
  deletionTimestamp: text,
});

const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: text,
  message: text,
  lastUpdateTime: text,
  lastTransitionTime: text,
});
export type Condition = z.infer<typeof conditionSchema>;
const conditions = z.array(conditionSchema).nullish();

export const workloadSchema = z.object({
  kind: z.string(),
  metadata: metadataSchema,
  spec: z
    .object({
      replicas: count,
      paused: z.boolean().nullish(),
      progressDeadlineSeconds: count,
      updateStrategy: z
        .object({ type: text, rollingUpdate: z.object({ partition: count }).nullish() })
        .nullish(),
      completions: count,
      parallelism: count,
    })
    .nullish(),
  status: z
    .object({
      observedGeneration: count,
      replicas: count,
      updatedReplicas: count,
      readyReplicas: count,
      availableReplicas: count,
      currentRevision: text,
      updateRevision: text,
      desiredNumberScheduled: count,
      updatedNumberScheduled: count,
      numberReady: count,
      numberAvailable: count,
      active: count,
      ready: count,
      succeeded: count,
      conditions,
    })
    .nullish(),
});
export type Workload = z.infer<typeof workloadSchema>;

export const replicaSetSchema = z.object({
  metadata: metadataSchema,
  status: z.object({ conditions }).nullish(),
});
export type ReplicaSet = z.infer<typeof replicaSetSchema>;

const containerStateSchema = z
  .object({
    waiting: z.object({ reason: text, message: text }).nullish(),
    running: z.object({ startedAt: text }).nullish(),
    terminated: z.object({ exitCode: count, reason: text, message: text, finishedAt: text }).nullish(),
  })
  .nullish();
const containerStatusSchema = z.object({
  name: z.string(),
  image: text,
  imageID: text,
  ready: z.boolean().nullish(),
  restartCount: count,
  state: containerStateSchema,
  lastState: containerStateSchema,
});
export type ContainerStatus = z.infer<typeof containerStatusSchema>;

export const podSchema = z.object({
  metadata: metadataSchema,
  spec: z
    .object({
      nodeName: text,
      containers: z.array(z.object({ name: z.string(), image: text })).nullish(),
    })
    .nullish(),
  status: z
    .object({
      phase: text,
      reason: text,
      message: text,
      startTime: text,
      conditions,
      containerStatuses: z.array(containerStatusSchema).nullish(),
      initContainerStatuses: z.array(containerStatusSchema).nullish(),
    })
    .nullish(),
});
export type Pod = z.infer<typeof podSchema>;

export const eventSchema = z.object({
  type: text,
  reason: text,
  message: text,
  involvedObject: z.object({ kind: text, name: text, uid: text }).nullish(),
  metadata: z.object({ creationTimestamp: text }).nullish(),
  firstTimestamp: text,
  lastTimestamp: text,
  /** The scheduler's events have nothing but this one. */
  eventTime: text,
  series: z.object({ lastObservedTime: text }).nullish(),
});
export type ClusterEvent = z.infer<typeof eventSchema>;

export const conditionOf = (list: Condition[] | null | undefined, type: string): Condition | undefined =>
  list?.find((condition) => condition.type === type);

/** When an event was last seen, as the cluster wrote it. */
export const timeOf = (event: ClusterEvent): string | null =>
  event.series?.lastObservedTime ??
  event.lastTimestamp ??
  event.eventTime ??
  event.firstTimestamp ??
  event.metadata?.creationTimestamp ??
  null;
