import { readFile } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import type { BuildLog } from "../log.ts";
import type { BuildOrigin } from "./about.ts";
import { attachEvidence } from "./attach.ts";
import type { BaseImage } from "./base-image.ts";
import { cachedLayer, NO_BASE, pullBase } from "./base-image.ts";
import type { ImageRecipe } from "./dockerfile.ts";
import { emptyRecipe, parseDockerfile } from "./dockerfile.ts";
import { BuildFailure } from "./failure.ts";
import { assembleImage, MANIFEST_TYPE } from "./image.ts";
import type { Layer } from "./layer.ts";
import { packLayer, sha256 } from "./layer.ts";
import { parseImage, RegistryClient } from "./registry.ts";
import type { Signer } from "./signer.ts";

const DEFAULT_WORKDIR = "/app";

export interface PublishInput {
  /** Absolute path of the build context. */
  context: string;
  dockerfile: string;
  baseImage: string;
  artifactPath: string;
  /** Full reference to push. */
  image: string;
  labels: Map<string, string>;
  buildArguments: Map<string, string>;
  created: Date;
  /** Who builds this from what, for the statement beside the image. */
  origin: BuildOrigin;
  /** Signs what is published; null: nobody vouches for it. */
  signer: Signer | null;
  /** Directory of base layers that were fetched before. */
  cacheDir: string;
}

/** A path given by a parameter, inside of `directory`. @throws {BuildFailure} where it leaves it. */
export function pathInside(directory: string, path: string, parameter: string): string {
  const full = resolve(directory, path);
  if (full !== directory && !full.startsWith(directory + sep)) {
    throw new BuildFailure(`${parameter} leaves the workspace: ${path}`);
  }
  return full;
}

async function recipeOf(input: PublishInput, log: BuildLog): Promise<ImageRecipe> {
  if (input.dockerfile !== "") {
    const file = pathInside(input.context, input.dockerfile, "DOCKERFILE");
    const text = await readFile(file, "utf8").catch(() => null);
    if (text !== null) {
      log.line(`Reading ${input.dockerfile}`);
      return parseDockerfile(text, input.buildArguments);
    }
  }
  if (input.artifactPath === "") throw new BuildFailure("There is neither a Dockerfile nor an ARTIFACT_PATH");
  pathInside(input.context, input.artifactPath, "ARTIFACT_PATH");
  log.line(`No Dockerfile: ${input.artifactPath} is copied to ${DEFAULT_WORKDIR}`);
  const recipe = emptyRecipe(input.baseImage === "" ? null : input.baseImage);
  recipe.workdir = DEFAULT_WORKDIR;
  recipe.copies.push({ sources: [input.artifactPath], target: `${DEFAULT_WORKDIR}/` });
  return recipe;
}

async function baseOf(recipe: ImageRecipe, log: BuildLog, signal: AbortSignal): Promise<BaseImage> {
  if (recipe.from === null) return NO_BASE;
  const image = parseImage(recipe.from);
  try {
    const base = await pullBase(new RegistryClient(image.host, signal), image);
    log.line(`Base image ${recipe.from}: ${base.layers.length} layers`);
    return base;
  } catch (error) {
    if (!(error instanceof BuildFailure) || signal.aborted) throw error;
    log.line(
      `WARNING: base image ${recipe.from} cannot be pulled, the image goes without it: ${error.message}`,
    );
    return NO_BASE;
  }
}

/** An image that is whole and not yet in the registry. */
export interface PackedImage {
  base: BaseImage;
  /** The base as the recipe names it. */
  from: string | null;
  layers: Layer[];
  config: Buffer;
  manifest: Buffer;
}

/**
 * Follows the recipe: a layer for each copy, the configuration, the manifest.
 * @throws {BuildFailure} when the recipe cannot be followed.
 */
export async function packImage(
  input: PublishInput,
  log: BuildLog,
  signal: AbortSignal,
): Promise<PackedImage> {
  const recipe = await recipeOf(input, log);
  const base = await baseOf(recipe, log, signal);
  for (const [name, value] of input.labels) recipe.labels.set(name, value);
  if (base.image !== null && recipe.from !== null) {
    recipe.labels.set("org.opencontainers.image.base.name", recipe.from);
    recipe.labels.set("org.opencontainers.image.base.digest", base.digest);
  }
  const layers: Layer[] = [];
  for (const copy of recipe.copies) {
    const layer = await packLayer(input.context, copy);
    layers.push(layer);
    log.line(`Packed ${layer.files.length} files: ${layer.digest} (${layer.blob.length} bytes)`);
  }
  const { config, manifest } = assembleImage(base, recipe, layers, input.created);
  return { base, from: recipe.from, layers, config, manifest };
}

/**
 * Pushes base layers that the repository lacks, the own layers, the configuration, the manifest, and what is told
 * beside the image about it.
 * @returns the manifest's digest as the registry names it.
 * @throws {BuildFailure} when the registry refuses.
 */
export async function pushImage(
  input: PublishInput,
  { base, from, layers, config, manifest }: PackedImage,
  log: BuildLog,
  signal: AbortSignal,
): Promise<string> {
  const target = parseImage(input.image);
  const registry = new RegistryClient(target.host, signal);
  log.line(`The push refers to repository [${target.host}/${target.repository}]`);
  await pushBase(registry, target.repository, base, input.cacheDir, log, signal);
  await pushOwn(registry, target.repository, layers, config, log);
  const digest = await registry.pushManifest(target, MANIFEST_TYPE, manifest);
  log.line(`${target.reference}: digest: ${digest} size: ${manifest.length}`);
  const subject = { mediaType: MANIFEST_TYPE, digest, size: manifest.length };
  const about = {
    image: input.image,
    created: input.created,
    files: layers.flatMap(({ files }) => files),
    base: base.image === null ? null : { name: from ?? "", digest: base.digest },
    origin: input.origin,
  };
  await attachEvidence(
    registry,
    { repository: target.repository, subject, about, signer: input.signer },
    log,
  );
  return digest;
}

async function pushBase(
  registry: RegistryClient,
  repository: string,
  base: BaseImage,
  cacheDir: string,
  log: BuildLog,
  signal: AbortSignal,
): Promise<void> {
  if (base.image === null) return;
  const source = new RegistryClient(base.image.host, signal);
  for (const descriptor of base.layers) {
    if (await registry.hasBlob(repository, descriptor.digest)) {
      log.line(`${descriptor.digest.slice(7, 19)}: Layer already exists`);
      continue;
    }
    const file = await cachedLayer(source, base.image.repository, descriptor, cacheDir);
    await registry.pushBlob(repository, descriptor.digest, { file, size: descriptor.size });
    log.line(`${descriptor.digest.slice(7, 19)}: Pushed`);
  }
}

async function pushOwn(
  registry: RegistryClient,
  repository: string,
  layers: Layer[],
  config: Buffer,
  log: BuildLog,
): Promise<void> {
  for (const [digest, content] of [
    ...layers.map(({ digest, blob }) => [digest, blob] as const),
    [sha256(config), config] as const,
  ]) {
    const known = await registry.hasBlob(repository, digest);
    if (!known) await registry.pushBlob(repository, digest, content);
    log.line(`${digest.slice(7, 19)}: ${known ? "Layer already exists" : "Pushed"}`);
  }
}

/** Where the base layers of all builds are kept. */
export function cacheDirectory(dataDir: string): string {
  return join(dataDir, "caches", "blobs");
}
