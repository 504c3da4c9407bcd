import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { z } from "zod";
import { unpackLayer } from "./layers.ts";
import type { Reference } from "./reference.ts";
import { parseReference, registryUrl } from "./reference.ts";

const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

const descriptor = z.object({ mediaType: z.string().default(""), digest: z.string(), size: z.number() });
const manifestSchema = z.object({ config: descriptor, layers: z.array(descriptor) });
const platform = z.object({ os: z.string(), architecture: z.string() });
const indexSchema = z.object({ manifests: z.array(descriptor.extend({ platform: platform.optional() })) });
const configSchema = z.object({
  config: z
    .object({
      Env: z.array(z.string()).nullish(),
      Entrypoint: z.array(z.string()).nullish(),
      Cmd: z.array(z.string()).nullish(),
      WorkingDir: z.string().nullish(),
    })
    .nullish(),
});

const imageSchema = z.object({
  /** `registry/repo@sha256:…`: what the pod's status shows. */
  id: z.string(),
  root: z.string(),
  env: z.array(z.string()),
  entrypoint: z.array(z.string()),
  cmd: z.array(z.string()),
  workingDir: z.string(),
  size: z.number(),
});

/** An image on this node, ready to run. */
export type Image = z.infer<typeof imageSchema>;

/** Why an image could not be had, in the container runtime's words. */
export class PullError extends Error {
  readonly invalid: boolean;

  constructor(message: string, invalid = false) {
    super(message);
    this.invalid = invalid;
  }
}

/** Pulls images over the OCI distribution protocol and keeps their unpacked files by digest. */
export class ImageStore {
  private readonly directory: string;
  private readonly running = new Map<string, Promise<Image>>();
  private readonly byReference = new Map<string, Image>();

  constructor(directory: string) {
    this.directory = directory;
    mkdirSync(directory, { recursive: true });
    const noted = join(directory, "references.json");
    if (!existsSync(noted)) return;
    for (const [reference, image] of z.array(z.tuple([z.string(), imageSchema])).parse(readJson(noted))) {
      this.byReference.set(reference, image);
    }
  }

  /** The image if it was pulled under this very reference before. */
  cached(image: string): Image | undefined {
    return this.byReference.get(image);
  }

  /** Pulls the image; parallel pulls of one reference share the work. Throws a PullError. */
  async pull(image: string): Promise<Image> {
    const busy = this.running.get(image);
    if (busy) return busy;
    const work = this.fetch(image).finally(() => this.running.delete(image));
    this.running.set(image, work);
    const result = await work;
    this.byReference.set(image, result);
    const noted = join(this.directory, "references.json");
    writeFileSync(`${noted}.new`, JSON.stringify([...this.byReference]));
    renameSync(`${noted}.new`, noted);
    return result;
  }

  private async fetch(image: string): Promise<Image> {
    const reference = parseReference(image);
    if (!reference) {
      throw new PullError(
        `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`,
        true,
      );
    }
    try {
      return await this.fetchReference(reference);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      const missing = detail.endsWith("not found");
      throw new PullError(
        `rpc error: code = ${missing ? "NotFound" : "Unknown"} desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${detail}`,
      );
    }
  }

  private async fetchReference(reference: Reference): Promise<Image> {
    const base = `${registryUrl(reference.host)}/v2/${reference.repository}`;
    const top = await this.manifest(base, reference, reference.selector);
    const index = indexSchema.safeParse(top.body);
    const chosen = index.success
      ? (index.data.manifests.find((entry) => entry.platform?.architecture === "amd64") ??
        index.data.manifests[0])
      : undefined;
    const manifest = chosen ? await this.manifest(base, reference, chosen.digest) : top;
    const { config, layers } = manifestSchema.parse(manifest.body);
    const home = join(this.directory, top.digest.replace(":", "-"));
    if (!existsSync(join(home, "config.json"))) await this.unpack(base, home, config.digest, layers);
    const details = configSchema.parse(JSON.parse(await readFile(join(home, "config.json"), "utf8"))).config;
    return {
      id: `${reference.name}@${top.digest}`,
      root: join(home, "rootfs"),
      env: details?.Env ?? [],
      entrypoint: details?.Entrypoint ?? [],
      cmd: details?.Cmd ?? [],
      workingDir: details?.WorkingDir || "/",
      size: layers.reduce((sum, layer) => sum + layer.size, 0),
    };
  }

  private async manifest(base: string, reference: Reference, selector: string) {
    const url = `${base}/manifests/${selector}`;
    const response = await request(url, { accept: MANIFESTS.join(", ") });
    const shown = `${reference.name}:${selector}`.replace(":sha256:", "@sha256:");
    if (response.status === 404) throw new Error(`${shown}: not found`);
    if (!response.ok) {
      throw new Error(
        `unexpected status from HEAD request to ${url}: ${response.status} ${response.statusText}`,
      );
    }
    const bytes = Buffer.from(await response.arrayBuffer());
    const digest = digestOf(bytes);
    if (selector.startsWith("sha256:") && selector !== digest) throw new Error(`${shown}: digest mismatch`);
    return { digest, body: JSON.parse(bytes.toString("utf8")) };
  }

  private async unpack(
    base: string,
    home: string,
    config: string,
    layers: z.infer<typeof descriptor>[],
  ): Promise<void> {
    const work = `${home}.part`;
    await rm(work, { recursive: true, force: true });
    await mkdir(join(work, "rootfs"), { recursive: true });
    for (const layer of layers) {
      const bytes = await this.blob(base, layer.digest);
      await unpackLayer(Readable.from(bytes), layer.mediaType, join(work, "rootfs"));
    }
    await writeFile(join(work, "config.json"), await this.blob(base, config));
    await rm(home, { recursive: true, force: true });
    await rename(work, home);
  }

  private async blob(base: string, digest: string): Promise<Buffer> {
    const response = await request(`${base}/blobs/${digest}`, {});
    if (!response.ok) throw new Error(`blob ${digest}: ${response.status} ${response.statusText}`);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (digestOf(bytes) !== digest) throw new Error(`blob ${digest}: digest mismatch`);
    return bytes;
  }
}

/** A request whose failure reads as the container runtime would put it. */
async function request(url: string, headers: Record<string, string>): Promise<Response> {
  try {
    return await fetch(url, { headers });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const { host } = new URL(url);
    const refused = cause instanceof Error && "code" in cause && cause.code === "ECONNREFUSED";
    const what = refused
      ? `dial tcp ${host}: connect: connection refused`
      : `dial tcp: lookup ${host}: no such host`;
    throw new Error(`failed to do request: Head "${url}": ${what}`);
  }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
