import type { Job, ParameterValue, QueueItem } from "./model.ts";
import { newestFirst } from "./model.ts";
import { lacksNode, standingOf } from "./queue-standing.ts";
import type { Standing } from "./queue-view.ts";
import type { Store } from "./store.ts";

export interface QueueSettings {
  executors: number;
  /** Milliseconds for which an item that left the queue can still be read. */
  leftItemMilliseconds: number;
}

/** How the queue reaches the rest. */
export interface QueueHost {
  job(name: string): Job | undefined;
  /** Starts a build and answers its number; a freestyle one gives its executor back when it ends. */
  start(job: Job, item: QueueItem, onEnd: () => void): number;
}

/** What becomes of a node step: it gets an executor, to be given back, or is taken out of the queue. */
interface Step {
  begin(giveBack: () => void): void;
  cancelled(): void;
}

/** Jenkins moves items a moment after a trigger, so a first poll can still see "Finished waiting". */
const MAINTENANCE_DELAY = 40;

function sameParameters(a: ParameterValue[], b: ParameterValue[]): boolean {
  return (
    a.length === b.length && a.every((value, i) => value.name === b[i]?.name && value.value === b[i]?.value)
  );
}

/** The build queue: quiet period, merging of identical triggers, blocking, executors, forgetting. */
export class Queue {
  readonly #store: Store;
  readonly #host: QueueHost;
  readonly #settings: QueueSettings;
  #items: QueueItem[];
  #nextId: number;
  #busy = 0;
  readonly #steps = new Map<QueueItem, Step>();
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #closed = false;
  /** The reason given to quietDown; null while builds may start. */
  quietReason: string | null = null;

  constructor(store: Store, host: QueueHost, settings: QueueSettings) {
    this.#store = store;
    this.#host = host;
    this.#settings = settings;
    const kept = store.loadQueue();
    this.#items = kept.items.filter((item) => host.job(item.job) !== undefined);
    this.#nextId = kept.nextId;
    this.#maintainSoon();
  }

  /**
   * Schedules a build after `quietMilliseconds`. An identical trigger that still waits takes this one in.
   * @returns the item, and whether it is a new one.
   */
  schedule(job: Job, parameters: ParameterValue[], user: string, quietMilliseconds: number) {
    const now = Date.now();
    const due = now + quietMilliseconds;
    const twin = this.pending().find(
      (item) => item.job === job.name && item.stepOf === null && sameParameters(item.parameters, parameters),
    );
    if (twin) {
      twin.startedBy.push(user);
      if (twin.state === "waiting" && due < twin.due) twin.due = due;
      this.#changed();
      return { item: twin, created: false };
    }
    const item = this.#add(job, { parameters, startedBy: [user], due });
    this.#changed();
    return { item, created: true };
  }

  #add(job: Job, own: Partial<QueueItem> & Pick<QueueItem, "due">): QueueItem {
    const item: QueueItem = {
      id: this.#nextId++,
      job: job.name,
      stepOf: null,
      parameters: [],
      startedBy: [],
      state: "waiting",
      inQueueSince: Date.now(),
      buildableSince: null,
      leftAt: null,
      cancelled: false,
      executable: null,
      ...own,
    };
    this.#items.push(item);
    return item;
  }

  /**
   * Waits for an executor for the node step of a build that runs already.
   * @returns what gives the executor back; null where the step was cancelled, in the queue or by the signal.
   */
  executorFor(job: Job, build: number, signal: AbortSignal): Promise<(() => void) | null> {
    return new Promise((resolve) => {
      const item = this.#add(job, { stepOf: build, due: Date.now() });
      const stop = () => this.cancel(item);
      const settle = (granted: (() => void) | null) => {
        signal.removeEventListener("abort", stop);
        resolve(granted);
      };
      this.#steps.set(item, { begin: settle, cancelled: () => settle(null) });
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
      else this.#changed();
    });
  }

  /** Executors of all nodes, and how many of them work. */
  get executors(): { total: number; busy: number } {
    return { total: this.#settings.executors, busy: this.#busy };
  }

  /** The items that have not left, in the order in which Jenkins lists them. */
  pending(): QueueItem[] {
    const of = (state: QueueItem["state"]) => this.#items.filter((item) => item.state === state);
    return [
      ...of("waiting").sort((a, b) => a.due - b.due || a.id - b.id),
      ...of("blocked"),
      ...of("buildable").reverse(),
    ];
  }

  /** The one item that a job names as its `queueItem`: Jenkins looks at the waiting ones last. */
  itemOf(job: Job): QueueItem | undefined {
    const own = this.pending().filter((item) => item.job === job.name && item.stepOf === null);
    return own.find((item) => item.state !== "waiting") ?? own[0];
  }

  /** An item by its id, until it has been forgotten. */
  find(id: number): QueueItem | undefined {
    const now = Date.now();
    this.#items = this.#items.filter(
      (item) => item.leftAt === null || now - item.leftAt < this.#settings.leftItemMilliseconds,
    );
    return this.#items.find((item) => item.id === id);
  }

  /** Takes an item out of the queue. @returns false where it has left already. */
  cancel(item: QueueItem): boolean {
    if (item.state === "left") return false;
    this.#leave(item, null);
    this.#changed();
    this.#steps.get(item)?.cancelled();
    this.#steps.delete(item);
    return true;
  }

  cancelJob(job: Job): void {
    for (const item of this.pending()) if (item.job === job.name) this.cancel(item);
  }

  /** What the scheduler says of an item. */
  standing(item: QueueItem): Standing {
    return standingOf(this.#host.job(item.job), item, this.quietReason !== null);
  }

  quietDown(reason: string): void {
    this.quietReason = reason;
  }

  cancelQuietDown(): void {
    this.quietReason = null;
    this.maintain();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** Moves every item as far as it can go. */
  maintain(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timerAt = Number.POSITIVE_INFINITY;
    const before = this.#items.map((item) => item.state).join();
    const now = Date.now();
    for (const item of [...this.#items].sort((a, b) => a.due - b.due || a.id - b.id)) {
      const job = this.#host.job(item.job);
      if (!job || item.state === "left" || (item.state === "waiting" && item.due > now)) continue;
      if (item.state === "waiting") item.buildableSince = now;
      item.state = this.#blocked(job, item) ? "blocked" : "buildable";
      if (item.state === "blocked" || this.quietReason !== null || lacksNode(job)) continue;
      if (this.#needsNone(job, item) || this.#busy < this.#settings.executors) this.#start(job, item);
    }
    if (before !== this.#items.map((item) => item.state).join()) this.#save();
    const next = this.#items.filter((item) => item.state === "waiting").map((item) => item.due);
    if (next.length > 0) this.#maintainSoon(Math.max(0, Math.min(...next) - Date.now()));
  }

  /** A Pipeline build runs on no executor: its node steps do, each an item of its own. */
  #needsNone(job: Job, item: QueueItem): boolean {
    return job.kind === "pipeline" && item.stepOf === null;
  }

  #blocked(job: Job, item: QueueItem): boolean {
    if (item.stepOf !== null) return false;
    // What runs on no executor is held back by the quiet-down itself, not by the lack of an executor.
    if (this.quietReason !== null && this.#needsNone(job, item)) return true;
    if (job.concurrent) return false;
    const running = newestFirst(job).some((build) => build.result === null);
    const ahead = this.#items.some(
      (o) => o !== item && o.job === job.name && o.stepOf === null && o.state === "buildable",
    );
    return running || ahead;
  }

  #start(job: Job, item: QueueItem): void {
    const step = this.#steps.get(item);
    if (step && item.stepOf !== null) {
      this.#steps.delete(item);
      this.#leave(item, item.stepOf);
      step.begin(this.#takeExecutor());
      return;
    }
    const giveBack = this.#needsNone(job, item) ? () => this.maintain() : this.#takeExecutor();
    this.#leave(item, this.#host.start(job, item, giveBack));
  }

  #takeExecutor(): () => void {
    this.#busy += 1;
    return () => {
      this.#busy -= 1;
      this.maintain();
    };
  }

  #leave(item: QueueItem, executable: number | null): void {
    item.state = "left";
    item.leftAt = Date.now();
    item.executable = executable;
    item.cancelled = executable === null;
  }

  #changed(): void {
    this.#save();
    this.#maintainSoon();
  }

  #save(): void {
    this.#store.saveQueue(
      this.#nextId,
      // The node step of a Pipeline asks anew after a restart.
      this.#items.filter((item) => item.state !== "left" && item.stepOf === null),
    );
  }

  #maintainSoon(milliseconds = 0): void {
    const at = Date.now() + milliseconds + MAINTENANCE_DELAY;
    // An earlier appointment stays: a flood of triggers must not postpone it for ever.
    if (this.#closed || at >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => this.maintain(), milliseconds + MAINTENANCE_DELAY);
  }
}
