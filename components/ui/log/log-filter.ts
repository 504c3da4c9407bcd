import { GrowingList } from "./growing-list.ts";
import type { LineMatch, LogPattern } from "./line-filter.ts";
import type { LogBuffer } from "./log-buffer.ts";
import { LogWalk, type WalkState, type WalkWorker } from "./log-walk.ts";

/** Answers each chunk with index, from, to of every line that matches. */
export type FilterWorker = WalkWorker<Uint32Array>;

/** The lines of a log that match, found chunk by chunk beside the page, and on as the log grows. */
export class LogFilter {
  /** Places in the list of matches, as in the log itself: the oldest that is kept, and one behind the newest. */
  first = 0;
  readonly #log: LogBuffer;
  readonly #walk: LogWalk<Uint32Array>;
  /** Line, from, to. */
  readonly #found = new GrowingList(3);

  constructor(log: LogBuffer, pattern: LogPattern, worker: FilterWorker, onChange: () => void) {
    this.#log = log;
    this.#walk = new LogWalk({
      log,
      worker,
      task: pattern,
      take: (found, firstLine) => this.#take(found, firstLine),
      onChange,
    });
    this.grown();
  }

  get state(): WalkState {
    return this.#walk.state;
  }

  get end(): number {
    return this.first + this.#found.length;
  }

  /** The line at a place in the list, and where in it the match is. */
  at(place: number): { line: number; match: LineMatch } | undefined {
    const row = place - this.first;
    if (row < 0 || row >= this.#found.length) return undefined;
    const match = { from: this.#found.get(row, 1), to: this.#found.get(row, 2) };
    return { line: this.#found.get(row), match };
  }

  /** The place of the first match in `line` or behind it; `end` when there is none. */
  placeOf(line: number): number {
    return this.first + this.#found.countBelow(line);
  }

  /** The log has new lines, or lost old ones. */
  grown(): void {
    const gone = this.#found.countBelow(this.#log.first);
    this.#found.drop(gone);
    this.first += gone;
    this.#walk.grown();
  }

  stop(): void {
    this.#walk.stop();
  }

  #take(found: Uint32Array, firstLine: number): boolean {
    for (let at = 0; at + 2 < found.length; at += 3) {
      this.#found.push(firstLine + (found[at] ?? 0), found[at + 1] ?? 0, found[at + 2] ?? 0);
    }
    return found.length > 0;
  }
}
