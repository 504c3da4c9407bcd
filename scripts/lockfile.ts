import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "./prisma/cli.ts";

// npm leaves out of package-lock.json what its registry does not have. A mirror often lacks optional packages of other
// platforms; the lockfile that it writes then fails `npm ci` everywhere, the mirror included, and installs nothing for
// those platforms from a complete registry. `node scripts/lockfile.ts` writes the missing entries (run it after every
// `npm install`); they name version and platform, which is all that npm needs to skip or to find them.

const FILE = join(ROOT, "package-lock.json");

const Lockfile = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({
      optionalDependencies: z.record(z.string(), z.string()).optional(),
      dev: z.boolean().optional(),
    }),
  ),
});
type Lockfile = z.infer<typeof Lockfile>;
type Missing = { path: string; name: string; version: string; dev: boolean };

const CPUS = /(?:^|[-.])(arm64|x64|arm|ia32|ppc64|riscv64|s390x|wasm32|loong64)(?=-|$)/;
const SYSTEMS = /(?:^|[-.])(android|darwin|freebsd|linux|openharmony|win32)(?=-|$)/;

/** What a package of native code runs on, read from its name (`binding-linux-arm64-musl`). */
export function platformOf(name: string): { os?: string[]; cpu?: string[]; libc?: string[] } {
  const [, os] = SYSTEMS.exec(name) ?? [];
  const [, cpu] = CPUS.exec(name) ?? [];
  if (cpu === undefined) throw new Error(`${name}: its name says no platform; its registry is needed`);
  const libc = /-musl/.test(name) ? "musl" : os === "linux" && /-gnu/.test(name) ? "glibc" : undefined;
  return { ...(os ? { os: [os] } : {}), cpu: [cpu], ...(libc ? { libc: [libc] } : {}) };
}

/** Whether Node would find the package from the folder of another one. */
function isFound(lock: Lockfile, from: string, name: string): boolean {
  for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf("/node_modules/")))) {
    if (lock.packages[`${place ? `${place}/` : ""}node_modules/${name}`]) return true;
    if (place === "") return false;
  }
}

/** Optional packages that a lockfile's packages name and for which it has no entry. */
export function missingEntries(lock: Lockfile): Missing[] {
  const missing = new Map<string, Missing>();
  for (const [from, { optionalDependencies = {}, dev = false }] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (isFound(lock, from, name)) continue;
      const path = `${from.slice(0, from.lastIndexOf("node_modules/"))}node_modules/${name}`;
      missing.set(path, { path, name, version, dev });
    }
  }
  return [...missing.values()];
}

const parsed = (): unknown => JSON.parse(readFileSync(FILE, "utf8"));

/** The project's lockfile. */
export const readLockfile = (): Lockfile => Lockfile.parse(parsed());

function writeWith(missing: readonly Missing[]): void {
  // As records, which keep npm's order of keys.
  const lock = z.record(z.string(), z.unknown()).parse(parsed());
  const packages = z.record(z.string(), z.unknown()).parse(lock.packages);
  for (const { path, name, version, dev } of missing) {
    if (!/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) throw new Error(`${name}@${version} is no single version`);
    packages[path] = { version, ...(dev ? { dev } : {}), optional: true, ...platformOf(name) };
  }
  const sorted = Object.entries(packages).sort(([one], [other]) => one.localeCompare(other, "en"));
  writeFileSync(FILE, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
}

if (process.argv[1] === import.meta.filename) {
  const missing = missingEntries(readLockfile());
  if (missing.length > 0) writeWith(missing);
  const names = missing.map(({ name }) => name).join(", ");
  process.stdout.write(names ? `Added ${names}\n` : "The lockfile is complete.\n");
}
