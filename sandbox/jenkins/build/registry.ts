import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { BuildFailure } from "./failure.ts";

export interface ImageReference {
  /** Host and port. */
  host: string;
  repository: string;
  /** Tag or digest. */
  reference: string;
}

/** A body that is in memory, or a file of known length. */
type Content = Buffer | { file: string; size: number };

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;
const TIMEOUT = 30_000;

/** Reads `host[:port]/name:tag` or `…@sha256:…`; a name without a host is Docker Hub's. @throws {BuildFailure} */
export function parseImage(text: string): ImageReference {
  const match = /^(?:([^/]+)\/)?(.+?)(?:@(sha256:[0-9a-f]{64})|:([\w.-]+))?$/.exec(text);
  const [, first, name = "", digest, tag] = match ?? [];
  const isHost = first !== undefined && /[.:]|^localhost$/.test(first);
  const host = isHost ? first : "registry-1.docker.io";
  const repository = isHost ? name : first === undefined ? `library/${name}` : `${first}/${name}`;
  if (!/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/.test(repository))
    throw new BuildFailure(`Not an image reference: ${text}`);
  return { host, repository, reference: digest ?? tag ?? "latest" };
}

interface RegistryResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  message: http.IncomingMessage;
}

/** One registry's distribution API; plain HTTP is spoken to the loopback interface only. */
export class RegistryClient {
  readonly host: string;
  readonly #signal: AbortSignal;
  readonly #base: string;

  constructor(host: string, signal: AbortSignal) {
    this.host = host;
    this.#signal = signal;
    this.#base = `${LOOPBACK.test(host) ? "http" : "https"}://${host}`;
  }

  /** Sends one request; redirects to a storage server are followed for reads. @throws {BuildFailure} */
  async request(
    method: string,
    target: string,
    headers: http.OutgoingHttpHeaders = {},
    content?: Content,
  ): Promise<RegistryResponse> {
    const url = new URL(target, this.#base);
    const response = await this.#send(method, url, headers, content);
    const location = response.headers.location;
    if (method === "GET" && response.status >= 301 && response.status <= 308 && location) {
      response.message.resume();
      return this.#send(method, new URL(location, url), {});
    }
    return response;
  }

  #send(
    method: string,
    url: URL,
    headers: http.OutgoingHttpHeaders,
    content?: Content,
  ): Promise<RegistryResponse> {
    const length = content === undefined ? 0 : Buffer.isBuffer(content) ? content.length : content.size;
    return new Promise((resolve, reject) => {
      const request = (url.protocol === "http:" ? http : https).request(url, {
        method,
        headers: method === "GET" || method === "HEAD" ? headers : { ...headers, "content-length": length },
        signal: this.#signal,
        timeout: TIMEOUT,
      });
      request.once("response", (message) =>
        resolve({ status: message.statusCode ?? 0, headers: message.headers, message }),
      );
      request.once("timeout", () => request.destroy(new Error("no answer in time")));
      request.once("error", (error) =>
        reject(new BuildFailure(`${this.host}: ${error.message || error.name}`)),
      );
      if (content === undefined || Buffer.isBuffer(content)) request.end(content);
      else pipeline(createReadStream(content.file), request).catch((error) => request.destroy(error));
    });
  }

  /** Whether the repository has the blob. */
  async hasBlob(repository: string, digest: string): Promise<boolean> {
    const response = await this.request("HEAD", `/v2/${repository}/blobs/${digest}`);
    response.message.resume();
    return response.status === 200;
  }

  /** Uploads a blob in one piece. @throws {BuildFailure} */
  async pushBlob(repository: string, digest: string, content: Content): Promise<void> {
    const start = await this.request("POST", `/v2/${repository}/blobs/uploads/`);
    const location = start.headers.location;
    if (start.status !== 202 || !location) throw await this.#refusal("blob upload", start);
    start.message.resume();
    // The location may carry a query that has to be kept.
    const target = new URL(location, this.#base);
    target.searchParams.set("digest", digest);
    const type = { "content-type": "application/octet-stream" };
    const end = await this.request("PUT", target.href, type, content);
    if (end.status !== 201) throw await this.#refusal("blob upload", end);
    end.message.resume();
  }

  /** Puts a manifest under a tag. @returns the digest that the registry names. @throws {BuildFailure} */
  async pushManifest(image: ImageReference, mediaType: string, manifest: Buffer): Promise<string> {
    return (await this.putManifest(image, mediaType, manifest)).digest;
  }

  /** As `pushManifest`; `listed`: the registry has read the subject, and lists this beside it by itself (OCI 1.1). */
  async putManifest(
    image: ImageReference,
    mediaType: string,
    manifest: Buffer,
  ): Promise<{ digest: string; listed: boolean }> {
    const path = `/v2/${image.repository}/manifests/${image.reference}`;
    const response = await this.request("PUT", path, { "content-type": mediaType }, manifest);
    const digest = response.headers["docker-content-digest"];
    if (response.status !== 201) throw await this.#refusal("manifest", response);
    response.message.resume();
    return {
      digest:
        typeof digest === "string" ? digest : `sha256:${createHash("sha256").update(manifest).digest("hex")}`,
      listed: response.headers["oci-subject"] !== undefined,
    };
  }

  /** A manifest as it is stored, null where there is none. @throws {BuildFailure} */
  async findManifest(image: Omit<ImageReference, "host">, accept: string): Promise<Buffer | null> {
    const path = `/v2/${image.repository}/manifests/${image.reference}`;
    const response = await this.request("GET", path, { accept });
    if (response.status === 404) {
      response.message.resume();
      return null;
    }
    if (response.status !== 200) throw await this.#refusal(path, response);
    return collect(response.message);
  }

  /** Reads a small document. @throws {BuildFailure} where the answer is not 200. */
  async read(path: string, accept: string): Promise<{ body: Buffer; type: string }> {
    const response = await this.request("GET", path, { accept });
    if (response.status !== 200) throw await this.#refusal(path, response);
    const body = await collect(response.message);
    return { body, type: (response.headers["content-type"] ?? "").split(";")[0] ?? "" };
  }

  /** Saves a blob to a file and checks its digest. @throws {BuildFailure} */
  async saveBlob(repository: string, digest: string, file: string): Promise<void> {
    const response = await this.request("GET", `/v2/${repository}/blobs/${digest}`);
    if (response.status !== 200) throw await this.#refusal(`blob ${digest}`, response);
    const hash = createHash("sha256");
    const hashing = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        hash.update(chunk);
        next(null, chunk);
      },
    });
    await pipeline(response.message, hashing, createWriteStream(file));
    if (`sha256:${hash.digest("hex")}` === digest) return;
    await rm(file, { force: true });
    throw new BuildFailure(`${this.host}: blob ${digest} came with another content`);
  }

  async #refusal(what: string, response: RegistryResponse): Promise<BuildFailure> {
    const body = (await collect(response.message)).toString("utf8").slice(0, 300).trim();
    return new BuildFailure(`${this.host} refused ${what}: ${response.status} ${body}`);
  }
}

async function collect(message: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
