const CR = 13;
const LF = 10;

/** Line ends as the console has them: CR LF becomes LF. A CR at the end of a piece waits for what follows it. */
export class LineEnds {
  #cr = false;
  #out = Buffer.alloc(0);

  /** Bytes that wait for those that follow. */
  get held(): number {
    return this.#cr ? 1 : 0;
  }

  /** Takes the next bytes and gives what is certain, in memory that the next call uses again. */
  push(piece: Uint8Array): Buffer {
    if (this.#out.length <= piece.length) this.#out = Buffer.allocUnsafeSlow(piece.length + 1);
    const out = this.#out;
    let length = 0;
    let cr = this.#cr;
    // By index: an iterator makes an object for each byte until it is compiled.
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at] ?? 0;
      if (cr && byte !== LF) {
        out[length] = CR;
        length += 1;
      }
      cr = byte === CR;
      if (!cr) {
        out[length] = byte;
        length += 1;
      }
    }
    this.#cr = cr;
    return out.subarray(0, length);
  }

  /** Nothing follows: what was held back. */
  end(): Buffer {
    const rest = this.#cr ? Buffer.of(CR) : Buffer.alloc(0);
    this.#cr = false;
    return rest;
  }
}
