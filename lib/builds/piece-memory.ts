import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { z } from "zod";

/** So many bytes of pieces lie about at most. A collection of young objects takes about a millisecond. */
const EVERY_BYTES = 4 * 1024 * 1024;

const collectorSchema = z.custom<(options: { type: "minor" }) => void>(
  (value) => typeof value === "function",
);

/** The engine's own collector, of a context made after the flag is set; the flag changes nothing else. */
function findCollector() {
  setFlagsFromString("--expose-gc");
  return collectorSchema.parse(runInNewContext("gc"));
}
let collect: ReturnType<typeof findCollector> | undefined;

/**
 * Keeps the memory small that the pieces of a long stream leave behind. What a socket reads is outside of the heap,
 * where the engine begins to look for what is no longer used only after 64 MiB; a hundred megabytes that pass by make
 * hardly any objects that would have it look earlier.
 */
export class PieceMemory {
  #bytes = 0;

  /** So much has passed by and is not used any more. */
  passed(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < EVERY_BYTES) return;
    this.#bytes = 0;
    collect ??= findCollector();
    collect({ type: "minor" });
  }
}
