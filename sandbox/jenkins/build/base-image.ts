import { mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { BuildFailure } from "./failure.ts";
import { sha256 } from "./layer.ts";
import type { ImageReference, RegistryClient } from "./registry.ts";

const descriptor = z.object({ mediaType: z.string(), size: z.number(), digest: z.string() });

const manifest = z.object({ config: descriptor, layers: z.array(descriptor) });

const index = z.object({
  manifests: z.array(
    z.looseObject({
      digest: z.string(),
      platform: z.object({ os: z.string(), architecture: z.string() }).optional(),
    }),
  ),
});

const imageConfig = z.object({
  architecture: z.string().default("amd64"),
  os: z.string().default("linux"),
  config: z
    .object({
      Env: z.array(z.string()).nullish(),
      WorkingDir: z.string().nullish(),
      User: z.string().nullish(),
      Cmd: z.array(z.string()).nullish(),
      Entrypoint: z.array(z.string()).nullish(),
      Labels: z.record(z.string(), z.string()).nullish(),
      ExposedPorts: z.record(z.string(), z.object({})).nullish(),
    })
    .nullish(),
  rootfs: z.object({ type: z.literal("layers"), diff_ids: z.array(z.string()) }),
  history: z.array(z.looseObject({ empty_layer: z.boolean().optional() })).nullish(),
});

export type Descriptor = z.infer<typeof descriptor>;
export type ImageConfig = z.infer<typeof imageConfig>;

/** An image to build upon; `image` is null for an empty one. */
export interface BaseImage {
  image: ImageReference | null;
  /** Of what the reference led to, an index too; empty without an image. */
  digest: string;
  config: ImageConfig;
  layers: Descriptor[];
}

const IMAGE_TYPES = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
const INDEX_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

export const NO_BASE: BaseImage = {
  image: null,
  digest: "",
  config: { architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [] } },
  layers: [],
};

function parse<T>(schema: z.ZodType<T>, body: Buffer, what: string): T {
  try {
    return schema.parse(JSON.parse(body.toString("utf8")));
  } catch {
    throw new BuildFailure(`The ${what} of the base image cannot be read`);
  }
}

/** Reads manifest and configuration of an image; of an index the linux/amd64 entry. @throws {BuildFailure} */
export async function pullBase(client: RegistryClient, image: ImageReference): Promise<BaseImage> {
  const accept = [...IMAGE_TYPES, ...INDEX_TYPES].join(", ");
  let found = await client.read(`/v2/${image.repository}/manifests/${image.reference}`, accept);
  const digest = sha256(found.body);
  if (INDEX_TYPES.includes(found.type)) {
    const entries = parse(index, found.body, "index").manifests;
    const entry = entries.find(
      ({ platform }) => platform?.os === "linux" && platform.architecture === "amd64",
    );
    if (!entry) throw new BuildFailure("The base image has no linux/amd64 variant");
    found = await client.read(`/v2/${image.repository}/manifests/${entry.digest}`, IMAGE_TYPES.join(", "));
  }
  const { config, layers } = parse(manifest, found.body, "manifest");
  const blob = await client.read(`/v2/${image.repository}/blobs/${config.digest}`, "*/*");
  return { image, digest, config: parse(imageConfig, blob.body, "configuration"), layers };
}

/** The file of a layer of the base image, fetched once and kept under its digest. @throws {BuildFailure} */
export async function cachedLayer(
  client: RegistryClient,
  repository: string,
  layer: Descriptor,
  cacheDir: string,
): Promise<string> {
  const file = join(cacheDir, layer.digest.replace(":", "-"));
  const known = await stat(file).catch(() => null);
  if (known?.size === layer.size) return file;
  await mkdir(cacheDir, { recursive: true });
  // Two builds may fetch one layer at a time: each writes its own file, the last one stays.
  const temporary = `${file}.${process.hrtime.bigint()}`;
  await client.saveBlob(repository, layer.digest, temporary);
  await rename(temporary, file);
  return file;
}
