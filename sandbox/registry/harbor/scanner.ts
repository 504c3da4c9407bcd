import { buffer, text } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { z } from "zod";
import { PACKAGES_FOLDER, readPackage } from "../packages.ts";
import type { Store } from "../store.ts";
import { ADVISORIES, type Advisory, isOlder } from "./advisories.ts";

export const SCANNER = { name: "Trivy", vendor: "Aqua Security", version: "v0.51.1" };
const imageShape = z.object({
  layers: z.array(z.object({ digest: z.string(), mediaType: z.string() })).optional(),
  manifests: z.array(z.object({ digest: z.string() })).optional(),
});

export type Finding = Advisory & { version: string };

/**
 * What is known to be wrong with the packages that an image has, by the lists in its layers, the upper ones counting;
 * an index has what its images have. Null when it cannot be read, as a layer that is no archive.
 */
export async function scanImage(store: Store, name: string, digest: string): Promise<Finding[] | null> {
  try {
    const packages = await packagesOf(store, name, digest);
    return ADVISORIES.flatMap((advisory) => {
      const version = packages.get(advisory.package);
      if (version === undefined) return [];
      const mended = advisory.fixedIn !== null && !isOlder(version, advisory.fixedIn);
      return mended ? [] : [{ ...advisory, version }];
    });
  } catch {
    return null;
  }
}

async function packagesOf(store: Store, name: string, digest: string): Promise<Map<string, string>> {
  const manifest = await store.manifest(name, digest);
  if (!manifest) return new Map();
  const image = imageShape.parse(JSON.parse(manifest.body.toString("utf8")));
  const packages = new Map<string, string>();
  for (const { digest: layer } of image.layers ?? []) {
    for (const content of await listedIn(await buffer(store.readBlob(layer)))) {
      const found = readPackage(content);
      if (found) packages.set(found.name, found.version);
    }
  }
  for (const child of image.manifests ?? [])
    for (const [key, version] of await packagesOf(store, name, child.digest)) packages.set(key, version);
  return packages;
}

const isGzip = (blob: Buffer) => blob[0] === 0x1f && blob[1] === 0x8b;

/** The files of a layer that list packages. Throws when it is no archive. */
async function listedIn(blob: Buffer): Promise<string[]> {
  const archive = extract();
  archive.end(isGzip(blob) ? gunzipSync(blob) : blob);
  const found: string[] = [];
  for await (const entry of archive) {
    if (entry.header.name.replace(/^\.?\//, "").startsWith(PACKAGES_FOLDER)) found.push(await text(entry));
    else entry.resume();
  }
  return found;
}
