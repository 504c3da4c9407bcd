import type { LineMatch, LogPattern } from "./line-filter.ts";
import type { LogBuffer } from "./log-buffer.ts";

/** Longer than this no chunk of a log takes with an expression that was meant. */
const LIMIT_MS = 3_000;

export type FilterState = "working" | "done" | "slow";
/** What looks through chunks of lines; a browser's `Worker` with `filter.worker.ts` in it. */
export type FilterWorker = Pick<Worker, "postMessage" | "terminate"> & {
  onmessage: ((event: MessageEvent<Uint32Array>) => void) | null;
};

/** The lines of a log that match, found chunk by chunk beside the page, and on as the log grows. */
export class LogFilter {
  /** Places in the list of matches, as in the log itself: the oldest that is kept, and one behind the newest. */
  first = 0;
  state: FilterState = "working";
  readonly #log: LogBuffer;
  readonly #worker: FilterWorker;
  readonly #onChange: () => void;
  #lines: { line: number; match: LineMatch }[] = [];
  #next = 0;
  #asked: { first: number; count: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(log: LogBuffer, pattern: LogPattern, worker: FilterWorker, onChange: () => void) {
    this.#log = log;
    this.#worker = worker;
    this.#onChange = onChange;
    worker.onmessage = ({ data }) => this.#take(data);
    worker.postMessage({ pattern });
    this.grown();
  }

  get end(): number {
    return this.first + this.#lines.length;
  }

  /** The line at a place in the list, and where in it the match is. */
  at(place: number): { line: number; match: LineMatch } | undefined {
    return this.#lines[place - this.first];
  }

  /** The log has new lines, or lost old ones. */
  grown(): void {
    this.#forget();
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

  #take(found: Uint32Array): void {
    clearTimeout(this.#timer);
    const asked = this.#asked;
    if (!asked) return;
    this.#asked = null;
    this.#next = asked.first + asked.count;
    for (let at = 0; at + 2 < found.length; at += 3) {
      const [index = 0, from = 0, to = 0] = found.subarray(at, at + 3);
      this.#lines.push({ line: asked.first + index, match: { from, to } });
    }
    if (found.length > 0) this.#onChange();
    this.grown();
  }

  #forget(): void {
    const kept = this.#lines.findIndex(({ line }) => line >= this.#log.first);
    const gone = kept < 0 ? this.#lines.length : kept;
    if (gone === 0) return;
    this.first += gone;
    this.#lines = this.#lines.slice(gone);
  }

  #tell(state: FilterState): void {
    if (this.state === state) return;
    this.state = state;
    this.#onChange();
  }
}
