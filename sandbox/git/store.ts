import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** No part may begin with a dot: neither a way out of the folder nor an unfinished repository can be named. */
const NAME = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;

/** APIs know a repository by its owner and its name; those at the top of the folder are this one's. */
const OWNER = "demo/";

/** Folder of the bare repository with this name (with or without `.git`, or below its owner), or `undefined`. */
export function findRepository(dataDir: string, name: string): string | undefined {
  if (!NAME.test(name)) return undefined;
  const path = join(dataDir, name.endsWith(".git") ? name : `${name}.git`);
  if (existsSync(join(path, "HEAD"))) return path;
  return name.startsWith(OWNER) ? findRepository(dataDir, name.slice(OWNER.length)) : undefined;
}

/** Names of the repositories at the top of the folder, sorted, e.g. `quote-api.git`. */
export async function listRepositories(dataDir: string): Promise<string[]> {
  const names = await readdir(dataDir);
  return names.filter((name) => name.endsWith(".git") && findRepository(dataDir, name) !== undefined).sort();
}
