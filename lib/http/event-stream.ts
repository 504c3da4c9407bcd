import type { Writable } from "node:stream";

/** Bytes that may wait for a slow reader. */
const WAITING = 256 * 1024;

/**
 * An answer of Server-Sent Events that is open: what is sent goes straight to the connection. Ended by `end`, or by
 * the reader who goes away.
 */
export class EventStream {
  readonly #out: Writable;
  readonly #leaving = new Set<() => void>();
  #open = true;

  /** @param out what is written to, from now on by nobody else */
  constructor(out: Writable) {
    this.#out = out;
    out.once("close", () => this.#close());
    if (out.destroyed) this.#close();
  }

  /** Sends now, however slow the reader is; nothing when the stream has ended. */
  send(frame: string | Uint8Array): void {
    if (this.#open) this.#out.write(frame);
  }

  /** Whether the reader takes what is sent. Once they do not, `onDrain` tells that they took all there was. */
  get keepsUp(): boolean {
    return this.#out.writableLength < WAITING;
  }

  onDrain(drained: () => void): void {
    this.#out.on("drain", () => {
      if (this.#open) drained();
    });
  }

  /** What is to be done at the end, whoever ends it; at once when that has happened. */
  onEnd(leave: () => void): void {
    if (this.#open) this.#leaving.add(leave);
    else leave();
  }

  end(): void {
    if (!this.#open) return;
    this.#close();
    this.#out.end();
  }

  #close(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const leave of this.#leaving) leave();
    this.#leaving.clear();
  }
}
