import { buffer, text } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { z } from "zod";
import type { Store } from "../store.ts";
import { ADVISORIES, type Advisory, isOlder } from "./advisories.ts";

export const SCANNER = { name: "Trivy", vendor: "Aqua Security", version: "v0.51.1" };
/** Where Alpine lists what is installed. */
const PACKAGES = "lib/apk/db/installed";

const imageShape = z.object({
  layers: z.array(z.object({ digest: z.string(), mediaType: z.string() })).optional(),
  manifests: z.array(z.object({ digest: z.string() })).optional(),
});

export type Finding = Advisory & { version: string };

/**
 * What is known to be wrong with the packages that an image has, by the list in its layers, the topmost one counting;
 * an index has what its images have. Null when it cannot be read, as a layer that is no archive.
 */
export async function scanImage(store: Store, name: string, digest: string): Promise<Finding[] | null> {
  try {
    const packages = await packagesOf(store, name, digest);
    return ADVISORIES.flatMap((advisory) => {
      const version = packages.get(advisory.package);
      return version !== undefined && isOlder(version, advisory.fixedIn) ? [{ ...advisory, version }] : [];
    });
  } catch {
    return null;
  }
}

async function packagesOf(store: Store, name: string, digest: string): Promise<Map<string, string>> {
  const manifest = await store.manifest(name, digest);
  if (!manifest) return new Map();
  const image = imageShape.parse(JSON.parse(manifest.body.toString("utf8")));
  for (const layer of (image.layers ?? []).toReversed()) {
    const blob = await buffer(store.readBlob(layer.digest));
    const list = await fileOf(blob, PACKAGES);
    if (list !== undefined) return parsePackages(list);
  }
  const all = new Map<string, string>();
  for (const child of image.manifests ?? [])
    for (const [key, version] of await packagesOf(store, name, child.digest)) all.set(key, version);
  return all;
}

/** `P:` is the name and `V:` the version of a package, an empty line its end. */
function parsePackages(list: string): Map<string, string> {
  const packages = new Map<string, string>();
  for (const block of list.split("\n\n")) {
    const name = /^P:(.+)$/m.exec(block)?.[1];
    const version = /^V:(.+)$/m.exec(block)?.[1];
    if (name !== undefined && version !== undefined) packages.set(name, version);
  }
  return packages;
}

const isGzip = (blob: Buffer) => blob[0] === 0x1f && blob[1] === 0x8b;

/** Text of one file of an archive; undefined when it has none of that name. Throws when it is no archive. */
async function fileOf(blob: Buffer, path: string): Promise<string | undefined> {
  const archive = extract();
  archive.end(isGzip(blob) ? gunzipSync(blob) : blob);
  let found: string | undefined;
  for await (const entry of archive) {
    if (entry.header.name.replace(/^\.?\//, "") === path) found = await text(entry);
    else entry.resume();
  }
  return found;
}
