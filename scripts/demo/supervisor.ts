import { setTimeout as sleep } from "node:timers/promises";

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;
/** A process that lived this long starts its back-off anew. */
const HEALTHY_MS = 30_000;

/** A process as the supervisor sees it. */
export type Running = { pid: number; exited: Promise<string>; stop(): Promise<void> };

const SYSTEMS = ["jenkins", "registry", "registry-2", "git", "kubernetes", "kubernetes-2"];
/** Users first, what they use afterwards. */
export const STOP_ORDER = [["web", "worker"], SYSTEMS, ["postgres"]];

/** Keeps named processes alive until it is told to stop. */
export class Supervisor {
  readonly #running = new Map<string, Running>();
  readonly #onChange: (pids: Record<string, number>) => void;
  readonly #report: (line: string) => void;
  #stopping = false;
  #waits = new AbortController();

  constructor(onChange: (pids: Record<string, number>) => void, report: (line: string) => void) {
    this.#onChange = onChange;
    this.#report = report;
  }

  /** Process id by name, of those that run now. */
  pids(): Record<string, number> {
    return Object.fromEntries([...this.#running].map(([name, { pid }]) => [name, pid]));
  }

  /** Starts a process and starts it again whenever it ends. Throws when the first start fails. */
  async keep(name: string, start: () => Promise<Running>): Promise<void> {
    this.#watch(name, start, await this.#start(name, start), FIRST_DELAY_MS);
  }

  async #start(name: string, start: () => Promise<Running>): Promise<Running> {
    if (this.#stopping) throw new Error("stopping");
    const running = await start();
    if (this.#stopping) {
      await running.stop();
      throw new Error("stopping");
    }
    this.#running.set(name, running);
    this.#onChange(this.pids());
    return running;
  }

  async #watch(
    name: string,
    start: () => Promise<Running>,
    first: Running,
    firstDelay: number,
  ): Promise<void> {
    let running: Running | undefined = first;
    for (let delay = firstDelay; !this.#stopping; ) {
      const since = Date.now();
      const how = running ? await running.exited : "did not start";
      if (this.#stopping) return;
      this.#running.delete(name);
      this.#onChange(this.pids());
      if (Date.now() - since > HEALTHY_MS) delay = FIRST_DELAY_MS;
      this.#report(`${name} ended (${how}), starting it again / 已退出，正在重启`);
      await sleep(delay, undefined, { signal: this.#waits.signal }).catch(() => undefined);
      delay = Math.min(delay * 2, LONGEST_DELAY_MS);
      running = await this.#start(name, start).catch((error) => {
        if (!this.#stopping) this.#report(String(error instanceof Error ? error.message : error));
        return undefined;
      });
    }
  }

  /** Ends the named groups one after the other, the members of a group together; nothing is started again. */
  async stop(groups: readonly (readonly string[])[]): Promise<void> {
    this.#stopping = true;
    this.#waits.abort();
    for (const names of groups) {
      await Promise.all(names.map((name) => this.#running.get(name)?.stop()));
    }
  }
}
