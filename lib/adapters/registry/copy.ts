import { setTimeout as sleep } from "node:timers/promises";
import { AdapterError } from "#lib/errors.ts";
import type { ImageCopyResult, ImageManifest, ImageRegistry } from "../ports.ts";
import { type Descriptor, digestOf, isIndex, OCI_INDEX, parseIndex, parseManifest } from "./manifest.ts";
import type { Reader } from "./reader.ts";
import { COSIGN_SUFFIXES, cosignTag } from "./referrers.ts";
import type { Upload, Writer } from "./writer.ts";

type Places = { from: { repository: string; digest: string }; to: { repository: string; tag: string } };

const ATTEMPTS = 3;
const PAUSE_MS = 300;
/** Blobs on their way at the same time; each takes a connection on both sides and no memory to speak of. */
const PARALLEL = 3;
/** Layers that are fetched from where they are licensed, never stored. */
const FOREIGN = /nondistributable|foreign/;

/**
 * Copies an image by its digest from `source` to the registry of `reader` and `writer`: blobs, then manifests from the
 * inside out, then what refers to it, and the tag at last, so that nobody sees a tag of half an image.
 */
export async function copyImage(
  here: { origin: string; reader: Reader; writer: Writer },
  source: ImageRegistry,
  places: Places,
  options: Upload = {},
): Promise<ImageCopyResult> {
  const { reader, writer } = here;
  const from = places.from.repository;
  const to = places.to.repository;
  const sameRegistry = source.address === here.origin;
  const result = { digest: places.from.digest, sentBytes: 0, mountedBytes: 0, presentBytes: 0 };
  const done = new Set<string>();

  async function copyBlob({ digest, size }: Descriptor): Promise<void> {
    const blob = { repository: to, digest, size };
    if (await reader.hasBlob(blob, options)) {
      result.presentBytes += size;
      return;
    }
    const open = () => source.openBlob({ repository: from, digest }, options);
    const mount = sameRegistry && from !== to ? from : undefined;
    const how = await again(() => writer.pushBlob(blob, { from: mount, open }, options), options.signal);
    if (how === "mounted") result.mountedBytes += size;
    else result.sentBytes += size;
  }

  async function copyManifest(reference: string): Promise<ImageManifest | null> {
    const manifest = await source.manifest({ repository: from, reference }, options);
    if (!manifest || done.has(manifest.digest)) return manifest;
    done.add(manifest.digest);
    if (isIndex(manifest.mediaType)) {
      for (const child of parseIndex(manifest.body)) {
        if (!(await copyManifest(child.digest)))
          throw new AdapterError("missing", `the index names an image that is not there: ${child.digest}`);
      }
    } else {
      const { config, layers } = parseManifest(manifest.body);
      const blobs = new Map([config, ...layers].map((part) => [part.digest, part]));
      await inParallel(
        [...blobs.values()].filter(({ mediaType }) => !FOREIGN.test(mediaType)),
        copyBlob,
      );
    }
    const place = { repository: to, reference: manifest.digest };
    const { subjectKnown } = await writer.pushManifest(place, manifest, options);
    if (!subjectKnown && !isIndex(manifest.mediaType)) await listBySubject(manifest);
    return manifest;
  }

  /** Where a registry does not list what refers to an image, a tag of the image's digest does. */
  async function listBySubject(manifest: ImageManifest): Promise<void> {
    const { subject, artifactType, config, annotations } = parseManifest(manifest.body);
    if (!subject) return;
    const listed = await reader.referrers({ repository: to, digest: subject.digest }, options);
    if (listed.some(({ digest }) => digest === manifest.digest)) return;
    const entry = {
      mediaType: manifest.mediaType,
      digest: manifest.digest,
      size: manifest.body.length,
      artifactType: artifactType ?? config.mediaType,
      ...(annotations ? { annotations } : {}),
    };
    const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [...listed, entry] };
    const body = Buffer.from(JSON.stringify(index));
    const place = { repository: to, reference: subject.digest.replace(":", "-") };
    await writer.pushManifest(place, { digest: digestOf(body), mediaType: OCI_INDEX, body }, options);
  }

  const root = await copyManifest(places.from.digest);
  if (!root) throw new AdapterError("missing", `the source has no image ${places.from.digest}`);
  for (const digest of [...done]) {
    for (const suffix of COSIGN_SUFFIXES) {
      const reference = cosignTag(digest, suffix);
      const signed = await copyManifest(reference);
      if (signed) await writer.pushManifest({ repository: to, reference }, signed, options);
    }
    for (const referrer of await source.referrers({ repository: from, digest }, options)) {
      await copyManifest(referrer.digest);
    }
  }
  await writer.pushManifest({ repository: to, reference: places.to.tag }, root, options);
  return result;
}

/** A blob that broke off is sent again from its start. */
async function again<T>(run: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      const hopeless = !(error instanceof AdapterError) || !error.retryable || signal?.aborted === true;
      if (hopeless || attempt === ATTEMPTS) throw error;
      await sleep(PAUSE_MS * attempt, undefined, { signal });
    }
  }
}

async function inParallel<T>(items: T[], run: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}
