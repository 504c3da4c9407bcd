/** Bytes of a log, as they come, as lines. A character or a line may be cut anywhere between two pieces. */
export class LogText {
  readonly #decoder = new TextDecoder();
  readonly #whole: { text: string }[] = [];
  #rest = "";

  /** Adds the next bytes. */
  add(bytes: Uint8Array): void {
    const text = this.#rest + this.#decoder.decode(bytes, { stream: true });
    const parts = text.split(/\r?\n/);
    this.#rest = parts.pop() ?? "";
    for (const part of parts) this.#whole.push({ text: part });
  }

  /** All lines so far; the last one may still grow. */
  lines(): { text: string }[] {
    return this.#rest === "" ? [...this.#whole] : [...this.#whole, { text: this.#rest }];
  }
}
