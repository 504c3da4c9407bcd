import type { BaseImage, Descriptor } from "./base-image.ts";
import type { ImageRecipe } from "./dockerfile.ts";
import type { Layer } from "./layer.ts";
import { sha256 } from "./layer.ts";

export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";

/** Docker's media types mean the same blobs; an OCI manifest names them in its own words. */
const AS_OCI: Record<string, string> = {
  "application/vnd.docker.image.rootfs.diff.tar.gzip": LAYER_TYPE,
  "application/vnd.docker.image.rootfs.diff.tar": "application/vnd.oci.image.layer.v1.tar",
};

export interface Image {
  config: Buffer;
  manifest: Buffer;
}

function environment(base: string[], recipe: ImageRecipe): string[] {
  const values = new Map(
    base.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
  for (const [name, value] of recipe.env) values.set(name, value);
  return [...values].map(([name, value]) => `${name}=${value}`);
}

/** An ENTRYPOINT of its own makes the base image's CMD meaningless: Docker drops it as well. */
function commands(base: BaseImage, recipe: ImageRecipe): { Entrypoint?: string[]; Cmd?: string[] } {
  const entrypoint = recipe.entrypoint ?? base.config.config?.Entrypoint ?? null;
  const cmd = recipe.cmd ?? (recipe.entrypoint ? null : (base.config.config?.Cmd ?? null));
  return { ...(entrypoint ? { Entrypoint: entrypoint } : {}), ...(cmd ? { Cmd: cmd } : {}) };
}

/** What the base tells of its layers; a base that tells nothing, or too little, gives each an entry without words. */
function historyOf({ config, layers }: BaseImage): object[] {
  const told = config.history ?? [];
  const fits = told.filter((entry) => entry.empty_layer !== true).length === layers.length;
  return fits ? told : layers.map(() => ({ comment: "layer of the base image" }));
}

/**
 * Writes configuration and manifest of an image made of a base, a recipe and its own layers. The same inputs give the
 * same bytes, hence the same digest.
 * @param created the time that the image names as its own: the commit's.
 */
export function assembleImage(base: BaseImage, recipe: ImageRecipe, own: Layer[], created: Date): Image {
  const inherited = base.config.config ?? {};
  const ports = {
    ...inherited.ExposedPorts,
    ...Object.fromEntries(recipe.exposed.map((port) => [port, {}])),
  };
  const user = recipe.user ?? inherited.User;
  const workdir = recipe.workdir ?? inherited.WorkingDir;
  const config = Buffer.from(
    JSON.stringify({
      architecture: base.config.architecture,
      os: base.config.os,
      created: created.toISOString(),
      config: {
        Env: environment(inherited.Env ?? [], recipe),
        ...(workdir ? { WorkingDir: workdir } : {}),
        ...(user ? { User: user } : {}),
        ...commands(base, recipe),
        ...(Object.keys(ports).length > 0 ? { ExposedPorts: ports } : {}),
        Labels: { ...inherited.Labels, ...Object.fromEntries(recipe.labels) },
      },
      rootfs: {
        type: "layers",
        diff_ids: [...base.config.rootfs.diff_ids, ...own.map(({ diffId }) => diffId)],
      },
      history: [
        ...historyOf(base),
        ...own.map(({ createdBy }) => ({ created: created.toISOString(), created_by: createdBy })),
      ],
    }),
  );
  const added = own.map(({ blob, digest }): Descriptor => {
    return { mediaType: LAYER_TYPE, size: blob.length, digest };
  });
  const layers = [...base.layers, ...added].map(({ mediaType, size, digest }) => ({
    mediaType: AS_OCI[mediaType] ?? mediaType,
    size,
    digest,
  }));
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: { mediaType: CONFIG_TYPE, size: config.length, digest: sha256(config) },
      layers,
    }),
  );
  return { config, manifest };
}
