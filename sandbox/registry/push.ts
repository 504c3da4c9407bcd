import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const TIMEOUT_MS = 30_000;

export interface PushTarget {
  /** `http(s)://host[:port]` of the registry. */
  registryUrl: string;
  repository: string;
  tag: string;
  /** Basic credentials, where the registry wants them. */
  credentials?: { user: string; password: string };
}

export interface ImageContent {
  /** The last layer is made of these: path without leading slash -> text. */
  files: Record<string, string>;
  /** The layers below it, the lowest first: another image's, where this one is built on it. */
  below?: Record<string, string>[];
  /** The `config` part of an OCI image configuration. */
  config: {
    Env?: string[];
    WorkingDir?: string;
    Cmd?: string[];
    Labels?: Record<string, string>;
    ExposedPorts?: Record<string, Record<string, never>>;
  };
}

/** Whether `tag` exists in the registry. Throws when the registry cannot be asked. */
export async function hasImage(target: PushTarget): Promise<boolean> {
  const answer = await call(target, "HEAD", `manifests/${target.tag}`, {
    headers: { accept: MANIFEST_TYPE },
  });
  if (answer.status === 404) return false;
  if (!answer.ok) throw new Error(`HEAD ${target.repository}:${target.tag} answered ${answer.status}`);
  return true;
}

/** Packs and pushes an OCI image; the same content always has the same digest, which it returns. */
export async function pushImage(target: PushTarget, content: ImageContent): Promise<string> {
  const tars = await Promise.all([...(content.below ?? []), content.files].map(packFiles));
  const layers = tars.map((tar) => gzipSync(tar));
  const config = Buffer.from(
    JSON.stringify({
      created: "2026-01-01T00:00:00Z",
      architecture: "amd64",
      os: "linux",
      config: content.config,
      rootfs: { type: "layers", diff_ids: tars.map(digestOf) },
      history: tars.map(() => ({ created: "2026-01-01T00:00:00Z", created_by: "refract base image" })),
    }),
  );
  for (const blob of [...layers, config]) await pushBlob(target, blob);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: descriptor("application/vnd.oci.image.config.v1+json", config),
    layers: layers.map((layer) => descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer)),
  });
  const answer = await call(target, "PUT", `manifests/${target.tag}`, {
    headers: { "content-type": MANIFEST_TYPE },
    body: manifest,
  });
  if (answer.status !== 201)
    throw new Error(`PUT manifest answered ${answer.status}: ${await answer.text()}`);
  return digestOf(Buffer.from(manifest));
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

function descriptor(mediaType: string, content: Buffer) {
  return { mediaType, digest: digestOf(content), size: content.length };
}

async function packFiles(files: Record<string, string>): Promise<Buffer> {
  const archive = pack();
  for (const [name, text] of Object.entries(files))
    archive.entry({ name, mode: 0o644, mtime: new Date(0) }, text);
  archive.finalize();
  return buffer(archive);
}

async function pushBlob(target: PushTarget, content: Buffer): Promise<void> {
  const digest = digestOf(content);
  if ((await call(target, "HEAD", `blobs/${digest}`)).ok) return;
  const start = await call(target, "POST", "blobs/uploads/");
  const location = start.headers.get("location");
  if (start.status !== 202 || !location) throw new Error(`blob upload was refused: ${start.status}`);
  const url = new URL(location, target.registryUrl);
  url.searchParams.set("digest", digest);
  const done = await send(target, "PUT", url, {
    headers: { "content-type": "application/octet-stream" },
    body: new Uint8Array(content),
  });
  if (done.status !== 201) throw new Error(`blob upload answered ${done.status}: ${await done.text()}`);
}

type Extra = { headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> };

function call(target: PushTarget, method: string, path: string, extra: Extra = {}): Promise<Response> {
  return send(target, method, new URL(`/v2/${target.repository}/${path}`, target.registryUrl), extra);
}

function send({ credentials }: PushTarget, method: string, url: URL, extra: Extra): Promise<Response> {
  const headers = new Headers(extra.headers);
  if (credentials) {
    const pair = Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64");
    headers.set("authorization", `Basic ${pair}`);
  }
  return fetch(url, { method, headers, body: extra.body, signal: AbortSignal.timeout(TIMEOUT_MS) });
}
