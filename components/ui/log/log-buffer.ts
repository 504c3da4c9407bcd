/** Bytes of one piece of memory; a longer line gets one of its own. */
const BLOCK = 256 * 1024;
/** A line that goes on and on is cut here: a terminal's progress bar may never end its line. */
const LONGEST_LINE = 1024 * 1024;
const NEW_LINE = 10;

type Block = { bytes: Uint8Array; used: number; first: number; starts: number[] };
export type LogLimits = { bytes: number; lines: number };

/**
 * A log as it comes, kept as bytes and only as much as `limits` allow: the oldest lines go. Lines have their numbers from
 * the first that ever came; a character or a line may be cut anywhere between two pieces.
 */
export class LogBuffer {
  /** The oldest line that is kept, and one behind the newest whole one. */
  first = 0;
  end = 0;
  /** Bytes that are kept, and that are no longer. */
  bytes = 0;
  dropped = 0;
  readonly #limits: LogLimits;
  readonly #decoder = new TextDecoder();
  readonly #blocks: Block[] = [];
  #rest = new Uint8Array(0);

  constructor(limits: LogLimits) {
    this.#limits = limits;
  }

  /** Adds the next bytes. */
  add(piece: Uint8Array): void {
    const last = piece.lastIndexOf(NEW_LINE);
    if (last < 0) {
      this.#rest = joined(this.#rest, piece);
      if (this.#rest.length > LONGEST_LINE) this.close();
      return;
    }
    const whole = joined(this.#rest, piece.subarray(0, last + 1));
    this.#rest = piece.slice(last + 1);
    for (let at = 0; at < whole.length; ) {
      // As many whole lines as fit: cut behind the last line end before the limit.
      const limit = at + BLOCK;
      const cut = limit >= whole.length ? whole.length - 1 : whole.lastIndexOf(NEW_LINE, limit - 1);
      const end = cut < at ? whole.indexOf(NEW_LINE, at) + 1 : cut + 1;
      this.#keep(whole.subarray(at, end));
      at = end;
    }
    this.#drop();
  }

  /** What came last is a line, too, although nothing ended it. */
  close(): void {
    if (this.#rest.length === 0) return;
    const rest = this.#rest;
    this.#rest = new Uint8Array(0);
    this.#keep(joined(rest, Uint8Array.of(NEW_LINE)));
    this.#drop();
  }

  /** Whether the next bytes would push old ones out. */
  get full(): boolean {
    return this.bytes + BLOCK > this.#limits.bytes || this.end - this.first >= this.#limits.lines;
  }

  /** Text of a line by its number, without its end; empty when it is not kept. */
  line(number: number): string {
    const block = this.#blockOf(number);
    const start = block?.starts[number - block.first];
    if (!block || start === undefined) return "";
    const next = block.starts[number - block.first + 1] ?? block.used;
    return this.#decoder.decode(block.bytes.subarray(start, next - 1));
  }

  /** A copy of the lines from `number` on that lie together in memory, line ends and all; null when there are none. */
  chunk(number: number): { first: number; count: number; bytes: Uint8Array<ArrayBuffer> } | null {
    const from = Math.max(number, this.first);
    const block = this.#blockOf(from);
    const start = block?.starts[from - block.first];
    if (!block || start === undefined) return null;
    const bytes = new Uint8Array(block.bytes.subarray(start, block.used));
    return { first: from, count: block.first + block.starts.length - from, bytes };
  }

  #blockOf(number: number): Block | null {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#blocks[middle]?.first ?? 0) <= number) low = middle;
      else high = middle - 1;
    }
    const block = this.#blocks[low];
    return block && number >= block.first && number < block.first + block.starts.length ? block : null;
  }

  #keep(lines: Uint8Array): void {
    let block = this.#blocks.at(-1);
    if (!block || block.used + lines.length > block.bytes.length) {
      const bytes = new Uint8Array(Math.max(BLOCK, lines.length));
      block = { bytes, used: 0, first: this.end, starts: [] };
      this.#blocks.push(block);
    }
    block.bytes.set(lines, block.used);
    for (let at = 0; at < lines.length; at = lines.indexOf(NEW_LINE, at) + 1) {
      block.starts.push(block.used + at);
      this.end += 1;
    }
    block.used += lines.length;
    this.bytes += lines.length;
  }

  #drop(): void {
    const { bytes, lines } = this.#limits;
    while (this.#blocks.length > 1 && (this.bytes > bytes || this.end - this.first > lines)) {
      const block = this.#blocks.shift();
      if (!block) return;
      this.bytes -= block.used;
      this.dropped += block.used;
      this.first = block.first + block.starts.length;
    }
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
