/** A list of rows of numbers that only grows, and loses its first ones: millions of them in little memory. */
export class GrowingList {
  readonly #width: number;
  #values: Uint32Array<ArrayBuffer>;
  #start = 0;
  #end = 0;

  /** @param width numbers in a row */
  constructor(width: number) {
    this.#width = width;
    this.#values = new Uint32Array(width * 1024);
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** Adds one row. */
  push(...row: number[]): void {
    if ((this.#end + 1) * this.#width > this.#values.length) this.#grow();
    this.#values.set(row, this.#end * this.#width);
    this.#end += 1;
  }

  /** A number of a row; 0 where there is none. */
  get(row: number, column = 0): number {
    return this.#values[(this.#start + row) * this.#width + column] ?? 0;
  }

  /** How many rows begin with less than `value`, where rows are in the order of their first number. */
  countBelow(value: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.get(middle) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forgets the first rows. */
  drop(rows: number): void {
    this.#start = Math.min(this.#end, this.#start + rows);
  }

  #grow(): void {
    const kept = this.#values.subarray(this.#start * this.#width, this.#end * this.#width);
    const values = new Uint32Array(Math.max(this.#values.length, kept.length * 2));
    values.set(kept);
    this.#values = values;
    this.#end -= this.#start;
    this.#start = 0;
  }
}
