import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { exists, isMissing, namesIn, readText, removeFile, writeAtomically } from "./files.ts";

/**
 * Content on disk: one blob store for all repositories, and per repository links to what it may serve.
 *
 *   blobs/<hex>                                     the bytes
 *   repositories/<name>/_layers/<hex>               the repository holds this blob
 *   repositories/<name>/_manifests/revisions/<hex>  the repository holds this manifest; content: media type
 *   repositories/<name>/_manifests/tags/<tag>       content: digest
 */
export type Store = ReturnType<typeof openStore>;

export function sha256(content: Buffer | string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

function hex(digest: string): string {
  return digest.slice("sha256:".length);
}

export function openStore(dataDir: string) {
  const blobPath = (digest: string) => join(dataDir, "blobs", hex(digest));
  const layerPath = (name: string, digest: string) =>
    join(dataDir, "repositories", name, "_layers", hex(digest));
  const manifestsPath = (name: string) => join(dataDir, "repositories", name, "_manifests");
  const revisionPath = (name: string, digest: string) => join(manifestsPath(name), "revisions", hex(digest));
  const tagPath = (name: string, tag: string) => join(manifestsPath(name), "tags", tag);

  async function tags(name: string): Promise<string[] | undefined> {
    return namesIn(join(manifestsPath(name), "tags"));
  }

  return {
    uploadPath: (id: string) => join(dataDir, "uploads", id),

    /** Size in bytes of a blob that `name` holds, or `undefined`. */
    async blobSize(name: string, digest: string): Promise<number | undefined> {
      if (!(await exists(layerPath(name, digest)))) return undefined;
      try {
        return (await stat(blobPath(digest))).size;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    readBlob: (digest: string) => createReadStream(blobPath(digest)),
    linkBlob: (name: string, digest: string) => writeAtomically(layerPath(name, digest), ""),
    unlinkBlob: (name: string, digest: string) => removeFile(layerPath(name, digest)),

    /** Takes a finished upload file as the blob `digest`; the caller has verified the digest. */
    async adoptBlob(name: string, digest: string, file: string): Promise<void> {
      await mkdir(dirname(blobPath(digest)), { recursive: true });
      await rename(file, blobPath(digest));
      await writeAtomically(layerPath(name, digest), "");
    },

    async putManifest(name: string, digest: string, mediaType: string, body: Buffer, tag?: string) {
      await writeAtomically(blobPath(digest), body);
      await writeAtomically(revisionPath(name, digest), mediaType);
      if (tag !== undefined) await writeAtomically(tagPath(name, tag), digest);
    },
    tagDigest: (name: string, tag: string) => readText(tagPath(name, tag)),
    async manifest(name: string, digest: string): Promise<{ mediaType: string; body: Buffer } | undefined> {
      const mediaType = await readText(revisionPath(name, digest));
      if (mediaType === undefined) return undefined;
      return { mediaType, body: await readFile(blobPath(digest)) };
    },
    /** Manifests of a repository and when each was pushed last; `undefined` if nothing was ever pushed to it. */
    async revisions(name: string): Promise<{ digest: string; pushedAt: Date }[] | undefined> {
      const found = await namesIn(join(manifestsPath(name), "revisions"));
      return (
        found &&
        Promise.all(
          found.map(async (revision) => {
            const digest = `sha256:${revision}`;
            return { digest, pushedAt: (await stat(revisionPath(name, digest))).mtime };
          }),
        )
      );
    },
    /** Removes a manifest and every tag that points to it; false if there was none. */
    async deleteManifest(name: string, digest: string): Promise<boolean> {
      if (!(await removeFile(revisionPath(name, digest)))) return false;
      for (const tag of (await tags(name)) ?? []) {
        if ((await readText(tagPath(name, tag))) === digest) await removeFile(tagPath(name, tag));
      }
      return true;
    },
    /** Tags of a repository; `undefined` if nothing was ever pushed to it. */
    tags,

    /** Names of all repositories that something was pushed to, sorted. */
    async repositories(): Promise<string[]> {
      const found: string[] = [];
      const walk = async (name: string): Promise<void> => {
        const children = (await namesIn(join(dataDir, "repositories", name))) ?? [];
        if (name !== "" && children.includes("_manifests")) found.push(name);
        for (const child of children) {
          if (!child.startsWith("_")) await walk(name === "" ? child : `${name}/${child}`);
        }
      };
      await walk("");
      return found.sort();
    },
  };
}
