import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { withLock } from "./lock.mjs";
import { ROOT } from "./prisma/cli.ts";

// What `next build` reads. A folder that is not here does not change the build.
const SOURCES = ["app", "components", "lib", "messages", "pages", "prisma/schema.prisma", "public"];
const ROOT_FILES =
  /^(next\.config|postcss\.config|middleware|proxy|instrumentation|package|package-lock|tsconfig)\b.*/;
const NOT_BUILT = /\.test\.tsx?$|\.md$|\/fixtures\/|\/recorded\//;
const BUILT_MARK = join(ROOT, ".next/standalone/.refract-sources");

/** The portal's server, as `next build` leaves it. */
export const SERVER = join(ROOT, ".next/standalone/server.js");

async function filesBelow(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return [];
  if (found.isFile()) return [path];
  const names = await readdir(path);
  return (await Promise.all(names.map((name) => filesBelow(join(path, name))))).flat();
}

/** SHA-256 over the names and contents of everything that the build is made from. */
export async function sourcesHash(): Promise<string> {
  const rootFiles = (await readdir(ROOT)).filter(
    (name) => ROOT_FILES.test(name) && name !== "tsconfig.tsbuildinfo",
  );
  const lists = await Promise.all([...SOURCES, ...rootFiles].map((path) => filesBelow(join(ROOT, path))));
  const hash = createHash("sha256");
  for (const file of lists
    .flat()
    .filter((path) => !NOT_BUILT.test(path))
    .sort()) {
    const content = createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
    hash.update(`${relative(ROOT, file)}\0${content}\n`);
  }
  return hash.digest("hex");
}

function nextBuild(signal: AbortSignal | undefined): Promise<void> {
  const args = [join(ROOT, "node_modules/next/dist/bin/next"), "build"];
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      signal,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`next build failed:\n${output}`)),
    );
  });
}

/**
 * Builds the portal, unless it was built from the same sources. One build at a time per clone.
 * @param options.onStart called before a build, not when there is nothing to do
 * @param options.signal ends the build
 * @returns whether it had to build. Throws with the build's output when it fails.
 */
export async function build(options: { onStart?: () => void; signal?: AbortSignal } = {}): Promise<boolean> {
  return withLock(join(ROOT, ".cache/build.lock"), async () => {
    const wanted = await sourcesHash();
    if ((await readFile(BUILT_MARK, "utf8").catch(() => "")) === wanted) return false;
    options.onStart?.();
    await nextBuild(options.signal);
    // The standalone server serves these, but the build does not put them there.
    await cp(join(ROOT, ".next/static"), join(ROOT, ".next/standalone/.next/static"), { recursive: true });
    await mkdir(join(ROOT, ".next/standalone/public"), { recursive: true });
    await cp(join(ROOT, "public"), join(ROOT, ".next/standalone/public"), { recursive: true }).catch(
      () => undefined,
    );
    await writeFile(BUILT_MARK, wanted);
    return true;
  });
}

if (process.argv[1] === import.meta.filename) {
  await build({ onStart: () => process.stdout.write("next build ...\n") });
}
