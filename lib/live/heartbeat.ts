import type { Cluster } from "#lib/adapters/ports.ts";
import { AdapterError } from "#lib/errors.ts";
import { backOffMs, pause } from "./back-off.ts";

const TIMEOUT_MS = 3_000;
const LONGEST_PAUSE_MS = 10_000;

export type Beat =
  | { state: "asking" }
  | { state: "up"; client: Cluster; version: string }
  | { state: "down"; error: unknown };

/**
 * Asks one cluster again and again whether it is there: an open watch tells nothing of a server that fell silent. The
 * cluster is down after one missed answer, and asked again with growing pauses. `onBeat` hears changes only: up, down,
 * or another client (its credential was changed).
 */
export class Heartbeat {
  beat: Beat = { state: "asking" };
  /** When it answered last; null when it never did. */
  answeredAt: Date | null = null;
  readonly #stop = new AbortController();
  #wake = new AbortController();
  #told: (() => void)[] = [];

  constructor(connect: () => Promise<Cluster>, everyMs: number, onBeat: () => void) {
    void this.#run(connect, everyMs, onBeat);
  }

  /** Does not wait for the next try; resolves when it, or the one under way, has ended. */
  now(): Promise<void> {
    const done = new Promise<void>((resolve) => this.#told.push(resolve));
    this.#wake.abort();
    return done;
  }

  stop(): void {
    this.#stop.abort();
    this.#wake.abort();
    this.#tell();
  }

  #tell(): void {
    const told = this.#told;
    this.#told = [];
    for (const tell of told) tell();
  }

  async #run(connect: () => Promise<Cluster>, everyMs: number, onBeat: () => void): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      const before = this.beat;
      let limit: AbortSignal | undefined;
      try {
        const client = await connect();
        limit = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TIMEOUT_MS)]);
        const { gitVersion: version } = await client.version({ signal: limit });
        if (this.#stop.signal.aborted) return;
        failures = 0;
        this.answeredAt = new Date();
        this.beat = { state: "up", client, version };
        if (before.state !== "up" || before.client !== client || before.version !== version) onBeat();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        failures += 1;
        this.beat = { state: "down", error: limit?.aborted ? silent(error) : error };
        if (before.state !== "down") onBeat();
      }
      this.#tell();
      this.#wake = new AbortController();
      await pause(failures === 0 ? everyMs : backOffMs(failures + 1, LONGEST_PAUSE_MS), this.#wake.signal);
    }
  }
}

/** What people read of it is that nobody answered, not how the waiting was ended. */
const silent = (cause: unknown) =>
  new AdapterError("unreachable", `no answer within ${TIMEOUT_MS / 1000} s`, { cause });
