import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { isAlive } from "../processes.ts";
import { writePrivate } from "./kept.ts";
import { DEFAULT_STATE_FILE } from "./options.ts";
import { processesOf } from "./ours.ts";
import type { Systems } from "./sandbox.ts";
import type { Seeded } from "./seed.ts";

/** What `state.json` says about a running demo. */
export type State = Systems &
  Seeded & { url: string; databaseUrl: string; dir: string; pids: Record<string, number> };

const Written = z.object({ dir: z.string(), pids: z.record(z.string(), z.number()) });

async function read(file: string): Promise<z.infer<typeof Written> | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return Written.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Ids that a demo in this folder has written down, of a killed one too. */
export async function recordedPids(dir: string): Promise<number[]> {
  return Object.values((await read(join(dir, "state.json")))?.pids ?? {});
}

// The default place belongs to the default demo; another one uses it as long as no live demo does.
async function mayUseDefault(dir: string): Promise<boolean> {
  const there = await read(DEFAULT_STATE_FILE);
  if (there === undefined || there.dir === dir) return true;
  const { demo } = there.pids;
  if (demo === undefined || !isAlive(demo)) return true;
  return processesOf(there.dir, Object.values(there.pids)).length === 0;
}

/** Writes `state.json` into the demo's folder, and into the default place where that is free. */
export async function writeState(state: State): Promise<void> {
  const text = `${JSON.stringify(state, null, 2)}\n`;
  await writePrivate(join(state.dir, "state.json"), text);
  if (join(state.dir, "state.json") === DEFAULT_STATE_FILE) return;
  if (!(await mayUseDefault(state.dir))) return;
  await mkdir(dirname(DEFAULT_STATE_FILE), { recursive: true });
  await writePrivate(DEFAULT_STATE_FILE, text);
}

/** Removes this demo's state, not another's. */
export async function removeState(dir: string): Promise<void> {
  await rm(join(dir, "state.json"), { force: true });
  if ((await read(DEFAULT_STATE_FILE))?.dir === dir) await rm(DEFAULT_STATE_FILE, { force: true });
}
