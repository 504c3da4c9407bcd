import { createWriteStream } from "node:fs";
import { chmod, link, mkdir, readdir, realpath, rm, symlink } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";

/** A path inside the root; throws for one that would leave it. */
export function inside(root: string, path: string): string {
  const full = resolve(root, `./${path}`);
  if (full !== root && !full.startsWith(root + sep)) throw new Error(`the path ${path} leaves the image`);
  return full;
}

/** Unpacks one tar layer (gzip or plain, by media type) over the root, obeying whiteouts. */
export async function unpackLayer(layer: Readable, mediaType: string, root: string): Promise<void> {
  const tar = extract();
  const source = mediaType.includes("zstd")
    ? Promise.reject(new Error(`layers of type ${mediaType} are not supported`))
    : mediaType.includes("gzip")
      ? pipeline(layer, createGunzip(), tar)
      : pipeline(layer, tar);
  const write = (async () => {
    for await (const entry of tar) {
      const { header } = entry;
      const target = inside(root, header.name);
      const name = basename(target);
      await refuseLinkedParent(root, dirname(target));
      await mkdir(dirname(target), { recursive: true });
      if (name === ".wh..wh..opq") {
        for (const old of await readdir(dirname(target))) {
          await rm(join(dirname(target), old), { recursive: true, force: true });
        }
      } else if (name.startsWith(".wh.")) {
        await rm(join(dirname(target), name.slice(4)), { recursive: true, force: true });
      } else if (header.type === "directory") {
        await mkdir(target, { recursive: true });
      } else if (header.type === "file") {
        await rm(target, { recursive: true, force: true });
        await pipeline(entry, createWriteStream(target));
        await chmod(target, (header.mode ?? 0o644) & 0o777);
        continue;
      } else if (header.type === "symlink") {
        await rm(target, { recursive: true, force: true });
        await symlink(linkTarget(root, target, header.linkname ?? ""), target);
      } else if (header.type === "link") {
        await rm(target, { recursive: true, force: true });
        await link(inside(root, header.linkname ?? ""), target);
      }
      // Devices and pipes have no place in a directory on the host.
      entry.resume();
    }
  })();
  await Promise.all([source, write]);
}

/** Absolute links are made relative, so that they stay within the root; escaping ones are refused. */
function linkTarget(root: string, at: string, to: string): string {
  if (to.startsWith("/")) return relative(dirname(at), inside(root, to)) || ".";
  const full = resolve(dirname(at), to);
  if (full !== root && !full.startsWith(root + sep)) throw new Error(`the link ${to} leaves the image`);
  return to;
}

/** Links stay within the root by construction; this keeps writes out of roots altered since. */
async function refuseLinkedParent(root: string, directory: string): Promise<void> {
  const real = await realDirectory(directory);
  const base = await realDirectory(root);
  if (real !== base && !real.startsWith(base + sep))
    throw new Error(`the path ${directory} leaves the image`);
}

async function realDirectory(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return join(await realDirectory(dirname(path)), basename(path));
  }
}
