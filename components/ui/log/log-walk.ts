import type { LogBuffer } from "./log-buffer.ts";

/** Longer than this no chunk of a log takes with a task that was meant. */
const LIMIT_MS = 3_000;

export type WalkState = "working" | "done" | "slow";
/** What looks at chunks of lines beside the page: a browser's `Worker`. */
export type WalkWorker<Found> = Pick<Worker, "postMessage" | "terminate"> & {
  onmessage: ((event: MessageEvent<Found>) => void) | null;
};

/**
 * Goes through a log chunk by chunk in a worker, and on as the log grows. The worker is told `task` first and answers
 * each chunk in turn; what takes for ever holds up nobody and is ended.
 */
export class LogWalk<Found> {
  state: WalkState = "working";
  readonly #log: LogBuffer;
  readonly #worker: WalkWorker<Found>;
  readonly #take: (found: Found, firstLine: number) => boolean;
  readonly #onChange: () => void;
  #next = 0;
  #asked: { first: number; count: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param take what was found in the lines from `firstLine` on; says whether that is news */
  constructor(input: {
    log: LogBuffer;
    worker: WalkWorker<Found>;
    task: unknown;
    take: (found: Found, firstLine: number) => boolean;
    onChange: () => void;
  }) {
    this.#log = input.log;
    this.#worker = input.worker;
    this.#take = input.take;
    this.#onChange = input.onChange;
    this.#worker.onmessage = ({ data }) => this.#answered(data);
    this.#worker.postMessage({ task: input.task });
  }

  /** Lines that were looked at. */
  get reached(): number {
    return this.#next;
  }

  /** The log has new lines. */
  grown(): void {
    if (this.#asked || this.state === "slow") return;
    const chunk = this.#log.chunk(this.#next);
    if (!chunk) {
      this.#tell("done");
      return;
    }
    this.#asked = { first: chunk.first, count: chunk.count };
    this.state = "working";
    this.#worker.postMessage({ bytes: chunk.bytes }, [chunk.bytes.buffer]);
    this.#timer = setTimeout(() => {
      this.#worker.terminate();
      this.#tell("slow");
    }, LIMIT_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#worker.onmessage = null;
    this.#worker.terminate();
  }

  #answered(found: Found): void {
    clearTimeout(this.#timer);
    const asked = this.#asked;
    if (!asked) return;
    this.#asked = null;
    this.#next = asked.first + asked.count;
    if (this.#take(found, asked.first)) this.#onChange();
    this.grown();
  }

  #tell(state: WalkState): void {
    if (this.state === state) return;
    this.state = state;
    this.#onChange();
  }
}
