/** A work queue: keys are handled one after another, each at most once while it waits; failures come again later. */
export class WorkQueue {
  private readonly waiting = new Set<string>();
  private readonly later = new Map<string, NodeJS.Timeout>();
  private readonly failures = new Map<string, number>();
  private readonly handle: (key: string) => number | undefined;
  private readonly name: string;
  private scheduled = false;
  private stopped = false;

  /** `handle` may answer after how many ms it wants to see the key again. */
  constructor(name: string, handle: (key: string) => number | undefined) {
    this.name = name;
    this.handle = handle;
  }

  add(key: string): void {
    if (this.stopped) return;
    this.waiting.add(key);
    if (this.scheduled) return;
    this.scheduled = true;
    // A breath between changes and reaction, in which several changes become one piece of work.
    setTimeout(() => this.drain(), 10);
  }

  addAfter(key: string, ms: number): void {
    if (this.stopped) return;
    clearTimeout(this.later.get(key));
    this.later.set(
      key,
      setTimeout(() => this.add(key), ms),
    );
  }

  private drain(): void {
    this.scheduled = false;
    const keys = [...this.waiting];
    this.waiting.clear();
    for (const key of keys) {
      if (this.stopped) return;
      try {
        const again = this.handle(key);
        this.failures.delete(key);
        if (again !== undefined) this.addAfter(key, again);
      } catch (error) {
        const count = (this.failures.get(key) ?? 0) + 1;
        this.failures.set(key, count);
        if (count > 3) process.stderr.write(`${this.name} ${key}: ${String(error)}\n`);
        this.addAfter(key, Math.min(50 * 2 ** count, 10_000));
      }
    }
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.later.values()) clearTimeout(timer);
  }
}
