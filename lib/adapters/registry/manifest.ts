import { createHash } from "node:crypto";
import { z } from "zod";
import { unreadable } from "../http-answer.ts";
import type { ImageLayer } from "../ports.ts";

export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

/** All four must be named: a registry hides OCI content (404) from clients that do not ask for exactly its type. */
export const ACCEPT = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST].join(", ");

const DIGEST = /^sha256:[0-9a-f]{64}$/;

const descriptor = z.object({
  mediaType: z.string().default(""),
  digest: z.string().regex(DIGEST),
  size: z.number().int().nonnegative(),
  artifactType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).nullish(),
  platform: z.object({ os: z.string(), architecture: z.string() }).nullish(),
});
export type Descriptor = z.infer<typeof descriptor>;
const manifestSchema = z.object({
  artifactType: z.string().optional(),
  config: descriptor,
  layers: z.array(descriptor),
  subject: descriptor.nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
});
const indexSchema = z.object({ manifests: z.array(descriptor) });
const configSchema = z.object({
  created: z.string().nullish(),
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
  rootfs: z.object({ diff_ids: z.array(z.string()).nullish() }).nullish(),
  history: z
    .array(z.object({ created_by: z.string().nullish(), empty_layer: z.boolean().nullish() }))
    .nullish(),
});
const tagsSchema = z.object({ tags: z.array(z.string()).nullable() });
const typeSchema = z.object({ mediaType: z.string() });

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

export function digestOf(content: Uint8Array): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

export function isIndex(mediaType: string): boolean {
  return mediaType === OCI_INDEX || mediaType === DOCKER_LIST;
}

/** Config, layers and subject of an image manifest. Throws AdapterError `broken` when it is none. */
export function parseManifest(body: Buffer) {
  return parse(manifestSchema, body, "image manifest");
}

/** What an index lists. Throws AdapterError `broken` when it is none. */
export function parseIndex(body: Buffer): Descriptor[] {
  return parse(indexSchema, body, "image index").manifests;
}

/** The type of a manifest: as the answer's header says, else as it says itself. */
export function mediaTypeOf(header: string | null, body: Buffer): string {
  const said = header?.split(";")[0]?.trim() ?? "";
  if (said !== "" && said !== "application/json") return said;
  return parse(typeSchema, body, "image manifest").mediaType;
}

/** Builders list their attestations in an index as images of no platform. */
export function isPlatform({ platform }: Descriptor): boolean {
  return platform?.os !== "unknown";
}

export function parseConfig(body: Buffer) {
  const content = parse(configSchema, body, "image configuration");
  const time = Date.parse(content.created ?? "");
  return {
    createdAt: Number.isNaN(time) ? null : new Date(time),
    labels: content.config?.Labels ?? {},
    diffIds: content.rootfs?.diff_ids ?? [],
    history: (content.history ?? []).filter((entry) => !entry.empty_layer),
  };
}

/** Layers of the manifest with what the configuration says of them; nothing where the two do not match one to one. */
export function describeLayers(
  layers: readonly Descriptor[],
  { diffIds, history }: Pick<ReturnType<typeof parseConfig>, "diffIds" | "history">,
): ImageLayer[] {
  const counted = diffIds.length === layers.length;
  const told = history.length === layers.length;
  return layers.map(({ digest, size }, index) => ({
    digest,
    sizeBytes: size,
    diffId: (counted && diffIds[index]) || null,
    createdBy: (told && history[index]?.created_by) || null,
  }));
}

export function parseTags(body: Buffer): string[] {
  return parse(tagsSchema, body, "list of tags").tags ?? [];
}

function parse<T>(schema: z.ZodType<T>, body: Buffer, what: string): T {
  try {
    return schema.parse(JSON.parse(body.toString("utf8")));
  } catch (error) {
    throw unreadable(`the registry sent an ${what} that cannot be read`, error);
  }
}
