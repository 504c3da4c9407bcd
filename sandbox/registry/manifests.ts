import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { blobUnknown, digestInvalid, manifestUnknown, methodNotAllowed, RegistryError } from "./errors.ts";
import { isDigest } from "./routes.ts";
import { type Store, sha256 } from "./store.ts";

export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
export const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

const descriptor = z.object({ digest: z.string(), size: z.number().int().nonnegative() });
const imageBody = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  config: descriptor,
  layers: z.array(descriptor),
});
const indexBody = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  manifests: z.array(descriptor),
});

export interface ManifestRequest {
  request: IncomingMessage;
  response: ServerResponse;
  store: Store;
  name: string;
  reference: string;
  /** `http://host:port` as the client called it. */
  origin: string;
}

export async function handleManifest(call: ManifestRequest): Promise<void> {
  switch (call.request.method) {
    case "GET":
    case "HEAD":
      return getManifest(call);
    case "PUT":
      return putManifest(call);
    case "DELETE":
      return deleteManifest(call);
    default:
      throw methodNotAllowed();
  }
}

async function getManifest({ request, response, store, name, reference }: ManifestRequest): Promise<void> {
  const byDigest = isDigest(reference);
  if (!byDigest && reference.includes(":")) throw unreadableLink(name, reference);
  const digest = byDigest ? reference : await store.tagDigest(name, reference);
  if (digest === undefined) throw manifestUnknown({ Tag: reference });
  const etag = `"${digest}"`;
  const known = request.headers["if-none-match"];
  if (known === etag || known === digest) {
    response.writeHead(304).end();
    return;
  }
  const manifest = await store.manifest(name, digest);
  if (!manifest) throw manifestUnknown({ Name: name, Revision: digest });
  assertAccepted(manifest.mediaType, request.headers.accept ?? "", byDigest);
  response.writeHead(200, {
    "content-type": manifest.mediaType,
    "content-length": manifest.body.length,
    "docker-content-digest": digest,
    etag,
  });
  response.end(manifest.body);
}

/** A malformed digest is looked up as a tag, and the file system of the real server refuses the path. */
function unreadableLink(name: string, reference: string): RegistryError {
  return new RegistryError(500, "UNKNOWN", "unknown error", {
    Path: `/docker/registry/v2/repositories/${name}/_manifests/tags/${reference}/current/link`,
    DriverName: "filesystem",
  });
}

/** OCI content is hidden from clients that do not name its type; Docker content would be converted, which fails. */
function assertAccepted(mediaType: string, accept: string, byDigest: boolean): void {
  const accepted = accept.split(",").map((part) => part.split(";")[0]?.trim());
  if (accepted.includes(mediaType)) return;
  if (mediaType === OCI_MANIFEST)
    throw manifestUnknown(undefined, "OCI manifest found, but accept header does not support OCI manifests");
  if (mediaType === OCI_INDEX)
    throw manifestUnknown(undefined, "OCI index found, but accept header does not support OCI indexes");
  if (!byDigest) throw new RegistryError(400, "MANIFEST_INVALID", "manifest invalid", {});
}

async function putManifest(call: ManifestRequest): Promise<void> {
  const { request, response, store, name, reference, origin } = call;
  const mediaType = request.headers["content-type"]?.split(";")[0]?.trim() ?? "";
  const body = await readManifestBody(request);
  const digest = sha256(body);
  if (isDigest(reference) && reference !== digest) throw digestInvalid();
  if (!isDigest(reference) && reference.includes(":")) throw digestInvalid();
  const content = parseManifest(mediaType, body);
  for (const blob of content.blobs) {
    if (!isDigest(blob) || (await store.blobSize(name, blob)) === undefined) throw blobUnknown(blob, 400);
  }
  for (const child of content.manifests) {
    if (!isDigest(child) || !(await store.manifest(name, child))) throw blobUnknown(child, 400);
  }
  await store.putManifest(name, digest, mediaType, body, isDigest(reference) ? undefined : reference);
  response.writeHead(201, {
    "docker-content-digest": digest,
    location: `${origin}/v2/${name}/manifests/${digest}`,
    "content-length": 0,
  });
  response.end();
}

function parseManifest(mediaType: string, body: Buffer): { blobs: string[]; manifests: string[] } {
  const invalid = (why: string) => new RegistryError(400, "MANIFEST_INVALID", "manifest invalid", why);
  let json: unknown;
  try {
    json = JSON.parse(body.toString("utf8"));
  } catch {
    throw invalid("not JSON");
  }
  if (mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST) {
    const image = imageBody.safeParse(json);
    if (!image.success || (image.data.mediaType ?? mediaType) !== mediaType) throw invalid("not an image");
    const { config, layers } = image.data;
    return { blobs: [config, ...layers].map((part) => part.digest), manifests: [] };
  }
  if (mediaType === OCI_INDEX || mediaType === DOCKER_LIST) {
    const index = indexBody.safeParse(json);
    if (!index.success || (index.data.mediaType ?? mediaType) !== mediaType) throw invalid("not an index");
    return { blobs: [], manifests: index.data.manifests.map((part) => part.digest) };
  }
  throw invalid(`unsupported media type ${mediaType}`);
}

async function readManifestBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_MANIFEST_BYTES) throw new RegistryError(400, "MANIFEST_INVALID", "manifest invalid", {});
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

async function deleteManifest({ response, store, name, reference }: ManifestRequest): Promise<void> {
  if (!isDigest(reference)) throw digestInvalid();
  if (!(await store.deleteManifest(name, reference))) throw manifestUnknown();
  response.writeHead(202, { "content-length": 0 }).end();
}
