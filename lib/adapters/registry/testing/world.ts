import { expect } from "vitest";
import type { ImageRegistry } from "../../ports.ts";
import { createImageRegistry } from "../client.ts";
import { digestOf, OCI_INDEX, OCI_MANIFEST } from "../manifest.ts";

/** A registry as the suite is given it. */
export type Server = { url: string; credentials?: { username: string; password: string } };
/** One case, with the numbers of the recorded exchanges that it is about. */
export type Check = (rows: readonly string[], name: string, run: () => Promise<void>) => void;
export type Stored = { mediaType: string; digest: string; size: number };

export const OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
const OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";

export const stored = (mediaType: string, bytes: string | Buffer): Stored => ({
  mediaType,
  digest: digestOf(Buffer.from(bytes)),
  size: Buffer.byteLength(bytes),
});

/** One repository of a registry: what the adapter sees of it, and a way past the adapter to fill it. */
export function openPlace({ url, credentials }: Server, repository: string) {
  const registry: ImageRegistry = createImageRegistry({ url, ...(credentials ? { credentials } : {}) });

  async function send(
    method: string,
    path: string,
    input: { body?: string | Buffer; type?: string; accept?: string } = {},
  ): Promise<Response> {
    const basic = credentials && Buffer.from(`${credentials.username}:${credentials.password}`);
    const headers = {
      ...(input.type ? { "content-type": input.type } : {}),
      ...(input.accept ? { accept: input.accept } : {}),
      ...(basic ? { authorization: `Basic ${basic.toString("base64")}` } : {}),
    };
    const body = input.body === undefined ? {} : { body: new Uint8Array(Buffer.from(input.body)) };
    return fetch(new URL(path, url), { method, headers, ...body });
  }

  async function blob(mediaType: string, bytes: string | Buffer): Promise<Stored> {
    const piece = stored(mediaType, bytes);
    const begun = await send("POST", `/v2/${repository}/blobs/uploads/`);
    expect(begun.status).toBe(202);
    const place = new URL(begun.headers.get("location") ?? "", url);
    place.searchParams.set("digest", piece.digest);
    const put = await send("PUT", place.href, { body: bytes, type: "application/octet-stream" });
    expect(put.status).toBe(201);
    return piece;
  }

  const putManifest = (reference: string, mediaType: string, body: string) =>
    send("PUT", `/v2/${repository}/manifests/${reference}`, { body, type: mediaType });

  /** `reference` null: under its own digest. */
  async function manifest(reference: string | null, mediaType: string, content: object): Promise<Stored> {
    const body = JSON.stringify(content);
    const piece = stored(mediaType, body);
    expect((await putManifest(reference ?? piece.digest, mediaType, body)).status).toBe(201);
    return piece;
  }

  async function image(reference: string | null, name: string, over: object = {}): Promise<Stored> {
    const config = await blob(OCI_CONFIG, imageConfig(name));
    const layer = await blob(OCI_LAYER, `layer of ${name}`);
    const layers = [layer];
    const content = { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers, ...over };
    return manifest(reference, OCI_MANIFEST, content);
  }

  const index = (reference: string | null, manifests: object[]) =>
    manifest(reference, OCI_INDEX, { schemaVersion: 2, mediaType: OCI_INDEX, manifests });

  return { url, repository, registry, send, blob, putManifest, manifest, image, index };
}
export type Place = ReturnType<typeof openPlace>;

export const DIFF_ID = `sha256:${"d".repeat(64)}`;
export const CREATED = "2026-11-20T08:00:00.000Z";

export function imageConfig(name: string): string {
  return JSON.stringify({
    created: CREATED,
    architecture: "amd64",
    os: "linux",
    config: { Labels: { name } },
    rootfs: { type: "layers", diff_ids: [DIFF_ID] },
    history: [{ created_by: "ENV A=1", empty_layer: true }, { created_by: `COPY ${name} /app` }],
  });
}

export async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
