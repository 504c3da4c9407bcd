import { z } from "zod";
import { AdapterError } from "#lib/errors.ts";
import type { QueueItemState, QueueWhy, ServerBuild } from "../ports.ts";

const time = z.number().int().nonnegative();

// ---------------------------------------------------------------- queue

export const QUEUE_ITEM_TREE = "id,why,stuck,inQueueSince,cancelled,executable[number]";
const queueItemSchema = z.object({
  _class: z.string(),
  why: z.string().nullish(),
  stuck: z.boolean().nullish(),
  inQueueSince: time.nullish(),
  cancelled: z.boolean().nullish(),
  executable: z.object({ number: z.number().int() }).nullish(),
});
type QueueItem = z.infer<typeof queueItemSchema>;

function waiting(item: QueueItem, kind: QueueWhy): QueueItemState {
  const since = item.inQueueSince ? new Date(item.inQueueSince) : null;
  const reason = item.why ?? "";
  return { state: "waiting", why: whyOf(item, kind), reason, since };
}

/** In quiet-down mode a freestyle item is buildable and a Pipeline's blocked: only the text tells. */
function whyOf({ stuck, why }: QueueItem, kind: QueueWhy): QueueWhy {
  if (/about to shut ?down/i.test(why ?? "")) return "shutting_down";
  return stuck === true ? "stuck" : kind;
}

function left(item: QueueItem): QueueItemState {
  if (item.cancelled === true) return { state: "cancelled" };
  // For a moment an item has left the queue and its build has no number yet.
  return item.executable ? { state: "left", number: item.executable.number } : waiting(item, "buildable");
}

const QUEUE_ITEM_KINDS: Record<string, (item: QueueItem) => QueueItemState> = {
  "hudson.model.Queue$WaitingItem": (item) => waiting(item, "quiet"),
  "hudson.model.Queue$BlockedItem": (item) => waiting(item, "blocked"),
  "hudson.model.Queue$BuildableItem": (item) => waiting(item, "buildable"),
  "hudson.model.Queue$LeftItem": left,
};

/** @throws {AdapterError} `broken`, not retryable, for a kind of item that this table does not know. */
export function parseQueueItem(body: unknown): QueueItemState {
  const item = queueItemSchema.parse(body);
  const map = QUEUE_ITEM_KINDS[item._class];
  if (map) return map(item);
  throw new AdapterError("broken", `unknown kind of queue item: ${item._class}`, { retryable: false });
}

// Actions without anything we asked for are empty objects; a password parameter has no value. The item's `params` text has the same values, one a line,
// but a value with line breaks could pretend to be another attempt there.
const actionsSchema = z.array(
  z.object({ parameters: z.array(z.object({ name: z.string(), value: z.unknown().optional() })).nullish() }),
);

function isAttempt(actions: z.infer<typeof actionsSchema>, attemptId: string): boolean {
  const parameters = actions.flatMap((action) => action.parameters ?? []);
  return parameters.some(({ name, value }) => name === "REFRACT_ATTEMPT_ID" && value === attemptId);
}

export const QUEUE_LIST_TREE = "items[id,actions[parameters[name,value]]]";
const queueListSchema = z.object({
  items: z.array(z.object({ id: z.number().int(), actions: actionsSchema })),
});

/** Id of the waiting item that was triggered with the attempt id; null if there is none. */
export function findQueued(body: unknown, attemptId: string): number | null {
  return queueListSchema.parse(body).items.find(({ actions }) => isAttempt(actions, attemptId))?.id ?? null;
}

export const QUEUE_ORDER_TREE = "items[id]";
const queueOrderSchema = z.object({ items: z.array(z.object({ id: z.number().int() })) });

/**
 * How many items came before this one; null when it is not in the list. Ids ascend; the list itself is in no order of
 * coming (first those in their quiet period, and of the others the newest first). Node steps of Pipelines count: they
 * wait for the same executors.
 */
export function positionIn(body: unknown, queueId: number): number | null {
  const { items } = queueOrderSchema.parse(body);
  if (!items.some(({ id }) => id === queueId)) return null;
  return items.filter(({ id }) => id < queueId).length;
}

// ---------------------------------------------------------------- builds

export const BUILD_TREE =
  "number,queueId,building,inProgress,result,timestamp,duration,estimatedDuration,builtOn,url";
const buildSchema = z.object({
  number: z.number().int(),
  queueId: z.number().int().nullish(),
  building: z.boolean(),
  /** Older servers do not say. Post-build steps may still write while `building` is false already. */
  inProgress: z.boolean().nullish(),
  result: z.string().nullish(),
  timestamp: time.nullish(),
  duration: z.number().nullish(),
  estimatedDuration: z.number().nullish(),
  /** Empty: the built-in node. A Pipeline build has none, its steps may run on several. */
  builtOn: z.string().nullish(),
  url: z.string(),
});

const STATE_OF_RESULT: Record<string, ServerBuild["state"]> = {
  SUCCESS: "succeeded",
  FAILURE: "failed",
  // Steps passed but the job found fault with the outcome (failed tests): nothing to deploy.
  UNSTABLE: "failed",
  ABORTED: "aborted",
  // Jenkins' word for a run that was superseded before it did anything.
  NOT_BUILT: "aborted",
};

/** @throws {AdapterError} `broken`, not retryable, for a result that the table does not know. */
export function parseBuild(body: unknown): ServerBuild {
  const build = buildSchema.parse(body);
  // A Pipeline may have a result while it still runs; `building` decides.
  const running = build.building || build.result === null || build.result === undefined;
  const state = running ? "running" : STATE_OF_RESULT[build.result ?? ""];
  if (state === undefined) {
    throw new AdapterError("broken", `unknown result of build ${build.number}: ${build.result}`, {
      retryable: false,
    });
  }
  return {
    number: build.number,
    queueId: build.queueId ?? null,
    state,
    logClosed: !running && build.inProgress === false,
    startedAt: build.timestamp ? new Date(build.timestamp) : null,
    durationMs: running ? null : (build.duration ?? null),
    estimatedMs: build.estimatedDuration && build.estimatedDuration > 0 ? build.estimatedDuration : null,
    node: build.builtOn === "" ? "built-in" : (build.builtOn ?? null),
    url: build.url,
  };
}

export const RECENT_BUILDS_TREE = "builds[number,queueId,actions[parameters[name,value]]]{0,100}";
const recentBuildsSchema = z.object({
  builds: z.array(
    z.object({ number: z.number().int(), queueId: z.number().int().nullish(), actions: actionsSchema }),
  ),
});

/** The build that was started with the attempt id; null when none of those listed was. */
export function findBuild(
  body: unknown,
  attemptId: string,
): { queueId: number | null; number: number } | null {
  const found = recentBuildsSchema.parse(body).builds.find(({ actions }) => isAttempt(actions, attemptId));
  return found ? { queueId: found.queueId ?? null, number: found.number } : null;
}

/** The archived `refract-result.json`; other keys may be there. */
export const resultFileSchema = z.object({
  attemptId: z.string().min(1),
  commit: z.string().min(1),
  image: z.string().min(1),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
});
