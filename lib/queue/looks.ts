import { logger } from "#lib/logger.ts";
import { withLease } from "./lease.ts";

/** What a handler answers: null when the subject is done, else seconds until it wants to look again. */
export type Again = number | null;
type Handle = (id: string, signal: AbortSignal) => Promise<Again>;

/** Looks of one queue that are under way at the same time. */
const AT_ONCE = 8;
/** A subject that soon wants to be looked at again stays with its worker; for later, a job is sent. */
const SHORT_SECONDS = 5;
/** How long after another worker was found at a subject it is tried again. */
const HELD_SECONDS = 2;

/** A subject that this process holds the lease of. */
type Held = { news: boolean; wake: () => void };

/**
 * Looks at the subjects of one queue, each again and again until it has ended. Between two looks in short order this
 * worker keeps the lease and remembers the time by itself: neither costs a job. A worker that dies is followed by
 * another one when its lease has lapsed and the sweep has sent the job again.
 */
export class Looks {
  readonly #key: string;
  readonly #handle: Handle;
  readonly #later: (id: string, seconds: number) => void;
  #free = AT_ONCE;
  readonly #waiting: (() => void)[] = [];
  readonly #held = new Map<string, Held>();
  readonly #carried = new Set<Promise<void>>();
  #stopping = false;

  /** @param later sends the job of a subject after so many seconds */
  constructor(key: string, handle: Handle, later: (id: string, seconds: number) => void) {
    this.#key = key;
    this.#handle = handle;
    this.#later = later;
  }

  /** Takes up a subject, or looks at it again at once if it is here already. Comes back when there is room for another. */
  async takeUp(id: string): Promise<void> {
    const held = this.#held.get(id);
    if (held) {
      held.news = true;
      held.wake();
      return;
    }
    const carried = this.#carry(id)
      .catch((error) => logger.error({ error }, "look"))
      .finally(() => this.#carried.delete(carried));
    this.#carried.add(carried);
    await this.#enter();
    this.#leave();
  }

  /** The subjects that this process holds. */
  held(): string[] {
    return [...this.#held.keys()];
  }

  /** Looks at a subject at once, if this process holds it and it rests; another's is left alone. */
  wake(id: string): void {
    this.#held.get(id)?.wake();
  }

  /** Begins nothing more. Resolves when every look that has begun has ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const { wake } of this.#held.values()) wake();
    await Promise.all(this.#carried);
  }

  async #carry(id: string): Promise<void> {
    const held: Held = { news: false, wake: () => {} };
    this.#held.set(id, held);
    try {
      const outcome = await withLease(`${this.#key}:${id}`, (signal) => this.#looks(id, held, signal));
      // What was asked for while the lease was given back is not lost.
      const again = outcome.held ? (held.news ? 0 : outcome.result) : HELD_SECONDS;
      if (again !== null) this.#later(id, again);
    } finally {
      this.#held.delete(id);
    }
  }

  async #looks(id: string, held: Held, signal: AbortSignal): Promise<Again> {
    for (;;) {
      await this.#enter();
      held.news = false;
      const again = await this.#handle(id, signal).finally(() => this.#leave());
      if (this.#stopping) return again;
      // Somebody asked for a look while this one was under way: it may have seen the world before.
      if (held.news) continue;
      if (again === null || again > SHORT_SECONDS) return again;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, again * 1000);
        held.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      held.wake = () => {};
      if (this.#stopping) return again;
    }
  }

  /** Resolves when there is room for one more, which is then taken. First come, first served. */
  #enter(): Promise<void> {
    if (this.#free === 0) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#free -= 1;
    return Promise.resolve();
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}
