import type { Job, ParameterValue, QueueItem } from "./model.ts";
import { estimatedDuration, newestFirst } from "./model.ts";
import { timeSpan } from "./queue-view.ts";
import type { Store } from "./store.ts";

export interface QueueSettings {
  executors: number;
  /** Milliseconds for which an item that left the queue can still be read. */
  leftItemMilliseconds: number;
}

/** How the queue reaches the rest: the jobs, and the start of a build (which answers its number). */
export interface QueueHost {
  job(name: string): Job | undefined;
  start(job: Job, item: QueueItem, onEnd: () => void): number;
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
      (item) => item.job === job.name && sameParameters(item.parameters, parameters),
    );
    if (twin) {
      twin.startedBy.push(user);
      if (twin.state === "waiting" && due < twin.due) twin.due = due;
      this.#changed();
      return { item: twin, created: false };
    }
    const item: QueueItem = {
      id: this.#nextId++,
      job: job.name,
      parameters,
      startedBy: [user],
      state: "waiting",
      due,
      inQueueSince: now,
      buildableSince: null,
      leftAt: null,
      cancelled: false,
      executable: null,
    };
    this.#items.push(item);
    this.#changed();
    return { item, created: true };
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
    const own = this.pending().filter((item) => item.job === job.name);
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
    return true;
  }

  cancelJob(job: Job): void {
    for (const item of this.pending()) if (item.job === job.name) this.cancel(item);
  }

  /** Why an item is not running, in Jenkins' words; null once it has left. */
  why(item: QueueItem): string | null {
    if (item.state === "left") return null;
    if (item.state === "waiting") {
      const rest = item.due - Date.now();
      return rest > 0 ? `In the quiet period. Expires in ${timeSpan(rest)}` : "Finished waiting";
    }
    if (this.quietReason !== null) return "Jenkins is about to shut down";
    if (item.state === "buildable") return "Waiting for next available executor";
    const job = this.#host.job(item.job);
    const running = job && newestFirst(job).find((build) => build.result === null);
    if (!job || !running) return "Waiting for next available executor";
    const estimate = estimatedDuration(job);
    const rest = running.startedAt + estimate - Date.now();
    const eta = estimate < 0 || rest <= 0 ? "N/A" : timeSpan(rest);
    return `Build #${running.number} is already in progress (ETA: ${eta})`;
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
      if (item.state === "blocked" || this.quietReason !== null) continue;
      if (this.#busy < this.#settings.executors) this.#start(job, item);
    }
    if (before !== this.#items.map((item) => item.state).join()) this.#save();
    const next = this.#items.filter((item) => item.state === "waiting").map((item) => item.due);
    if (next.length > 0) this.#maintainSoon(Math.max(0, Math.min(...next) - Date.now()));
  }

  #blocked(job: Job, item: QueueItem): boolean {
    if (job.concurrent) return false;
    const running = newestFirst(job).some((build) => build.result === null);
    const ahead = this.#items.some((o) => o !== item && o.job === job.name && o.state === "buildable");
    return running || ahead;
  }

  #start(job: Job, item: QueueItem): void {
    this.#busy += 1;
    const number = this.#host.start(job, item, () => {
      this.#busy -= 1;
      this.maintain();
    });
    this.#leave(item, number);
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
      this.#items.filter((item) => item.state !== "left"),
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
