import { createHash } from "node:crypto";
import { glob, lstat, readdir, readFile, readlink, realpath } from "node:fs/promises";
import { join, posix, relative, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { pack } from "tar-stream";
import type { Copy } from "./dockerfile.ts";
import { BuildFailure } from "./failure.ts";

interface Entry {
  kind: "file" | "link";
  /** Path on this machine of a file, target of a link. */
  from: string;
  executable: boolean;
}

/** A file as an SBOM names it; digests in hex. */
export interface PackedFile {
  /** Path in the image without a leading slash. */
  name: string;
  sha1: string;
  sha256: string;
}

export interface Layer {
  /** What made it, as the image's history tells. */
  createdBy: string;
  blob: Buffer;
  /** Digest of the compressed blob. */
  digest: string;
  /** Digest of the tar inside, as the image configuration lists it. */
  diffId: string;
  files: PackedFile[];
}

export function sha256(content: Buffer | string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** The paths that a COPY source names in the context, in a stable order. */
async function sourcePaths(context: string, source: string): Promise<string[]> {
  const clean = posix.normalize(source.replace(/^\/+/, "")) || ".";
  const found: string[] = [];
  if (/[*?[]/.test(clean))
    for await (const match of glob(clean, { cwd: context })) found.push(join(context, match));
  else found.push(join(context, clean));
  const inside = await realpath(context);
  for (const path of found) {
    const real = await realpath(path).catch(() => null);
    if (real === null) throw new BuildFailure(`COPY failed: ${source} is not there`);
    if (real !== inside && !real.startsWith(inside + sep)) {
      throw new BuildFailure(`COPY failed: ${source} is outside of the build context`);
    }
  }
  if (found.length === 0) throw new BuildFailure(`COPY failed: nothing matches ${source}`);
  return found.sort();
}

async function addTree(entries: Map<string, Entry>, path: string, target: string): Promise<void> {
  const stat = await lstat(path);
  if (stat.isDirectory()) {
    for (const name of (await readdir(path)).sort()) {
      // The repository's own bookkeeping differs between clones of one commit.
      if (name !== ".git") await addTree(entries, join(path, name), posix.join(target, name));
    }
  } else if (stat.isSymbolicLink()) {
    entries.set(target, { kind: "link", from: await readlink(path), executable: false });
  } else if (stat.isFile()) {
    entries.set(target, { kind: "file", from: path, executable: (stat.mode & 0o100) !== 0 });
  }
}

/** Directories that lead to the entries, parents first. */
function directoriesOf(entries: Map<string, Entry>): string[] {
  const directories = new Set<string>();
  for (const target of entries.keys()) {
    for (let parent = posix.dirname(target); parent !== "."; parent = posix.dirname(parent))
      directories.add(parent);
  }
  return [...directories].sort();
}

/** Entries are written one after the other: the packer holds back until each one is read. */
async function tar(entries: Map<string, Entry>): Promise<{ content: Buffer; files: PackedFile[] }> {
  const packer = pack();
  const files: PackedFile[] = [];
  const chunks: Buffer[] = [];
  packer.on("data", (chunk) => {
    if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  });
  const done = new Promise<void>((resolve, reject) => {
    packer.once("end", resolve);
    packer.once("error", reject);
  });
  const common = { mtime: new Date(0), uid: 0, gid: 0, uname: "", gname: "" };
  for (const name of directoriesOf(entries))
    packer.entry({ ...common, name, type: "directory", mode: 0o755 });
  for (const [name, entry] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (entry.kind === "link") {
      packer.entry({ ...common, name, type: "symlink", linkname: entry.from, mode: 0o777 });
    } else {
      const mode = entry.executable ? 0o755 : 0o644;
      const content = await readFile(entry.from);
      const hash = (algorithm: string) => createHash(algorithm).update(content).digest("hex");
      files.push({ name, sha1: hash("sha1"), sha256: hash("sha256") });
      packer.entry({ ...common, name, type: "file", mode }, content);
    }
  }
  packer.finalize();
  await done;
  return { content: Buffer.concat(chunks), files };
}

/**
 * Packs the files of one COPY into one gzipped tar that depends on their content alone: sorted names, no times, no
 * owners.
 * @param context absolute path of the build context, which no source may leave.
 * @throws {BuildFailure} when a source is missing.
 */
export async function packLayer(context: string, copy: Copy): Promise<Layer> {
  const entries = new Map<string, Entry>();
  const sources = [];
  for (const source of copy.sources) sources.push(...(await sourcePaths(context, source)));
  const target = copy.target.replace(/^\/+/, "");
  const directory = copy.target.endsWith("/") || sources.length > 1;
  for (const path of sources) {
    const real = await realpath(path);
    const isDirectory = (await lstat(real)).isDirectory();
    // A directory gives its content; a file lands in a directory under its own name.
    const name = isDirectory || !directory ? target : posix.join(target, relative(join(path, ".."), path));
    await addTree(entries, real, posix.normalize(name || ".").replace(/\/$/, ""));
  }
  const { content, files } = await tar(entries);
  const blob = await promisify(gzip)(content, { level: 6 });
  const createdBy = `COPY ${[...copy.sources, copy.target].join(" ")}`;
  return { createdBy, blob, digest: sha256(blob), diffId: sha256(content), files };
}
