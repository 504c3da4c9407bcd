import { createHash } from "node:crypto";
import { z } from "zod";
import { unreadable } from "../http-answer.ts";

export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

/** All four must be named: a registry hides OCI content (404) from clients that do not ask for exactly its type. */
export const ACCEPT = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST].join(", ");

const DIGEST = /^sha256:[0-9a-f]{64}$/;

const descriptor = z.object({ digest: z.string().regex(DIGEST), size: z.number().int().nonnegative() });
const manifestSchema = z.object({ config: descriptor, layers: z.array(descriptor) });
const configSchema = z.object({
  created: z.string().nullish(),
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});
const tagsSchema = z.object({ tags: z.array(z.string()).nullable() });

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

export function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

export function isIndex(mediaType: string): boolean {
  return mediaType === OCI_INDEX || mediaType === DOCKER_LIST;
}

export function parseManifest(body: Buffer) {
  return parse(manifestSchema, body, "image manifest");
}

export function parseConfig(body: Buffer): { createdAt: Date | null; labels: Record<string, string> } {
  const content = parse(configSchema, body, "image configuration");
  const time = Date.parse(content.created ?? "");
  return {
    createdAt: Number.isNaN(time) ? null : new Date(time),
    labels: content.config?.Labels ?? {},
  };
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
