import { readFile } from "node:fs/promises";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";

let loaded: Promise<void> | undefined;

// The package imports its .wasm as a module, which older Node releases refuse: instantiate it by hand instead.
async function instantiate(): Promise<void> {
  const entry = import.meta.resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const source = await readFile(new URL("schema_engine_bg.wasm", entry));
  const { instance } = await WebAssembly.instantiate(source, { "./schema_engine_bg.js": { ...bindings } });
  const setWasm: unknown = Reflect.get(bindings, "__wbg_set_wasm");
  const start: unknown = instance.exports.__wbindgen_start;
  if (typeof setWasm !== "function" || typeof start !== "function") {
    throw new Error("@prisma/schema-engine-wasm has another shape than the pinned version");
  }
  setWasm(instance.exports);
  start();
}

/**
 * Opens Prisma's schema engine (WASM).
 * @param adapter bound, migration-aware driver adapter factory
 * @param log receives the engine's log lines
 */
export async function openEngine(adapter: object, log: (line: string) => void): Promise<SchemaEngine> {
  loaded ??= instantiate();
  await loaded;
  // With initial datamodels the engine takes both sides of a diff from them and never sees drift.
  return bindings.SchemaEngine.new({ datamodels: undefined }, log, adapter);
}

/** Version string as `schema-engine-cli` prints it. */
export async function engineVersion(): Promise<string> {
  loaded ??= instantiate();
  await loaded;
  return `schema-engine-cli ${bindings.version()}`;
}
