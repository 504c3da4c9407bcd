import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";

const digestOf = (content: Buffer) => `sha256:${createHash("sha256").update(content).digest("hex")}`;

interface Manifest {
  content: Buffer;
  type: string;
}

/** As much of a registry as a push and a pull of one image need; it refuses what a registry refuses. */
export interface RegistryStub {
  /** Host and port. */
  host: string;
  /** Digest of a tag, or undefined. */
  digest(repository: string, tag: string): string | undefined;
  manifest(repository: string, reference: string): Manifest | undefined;
  blob(repository: string, digest: string): Buffer | undefined;
  /** Requests so far, as `METHOD path`. */
  requests: string[];
  close(): Promise<void>;
}

/** Starts the stub on a free loopback port. */
export async function startRegistryStub(): Promise<RegistryStub> {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, Manifest>();
  const requests: string[] = [];

  function storeManifest(repository: string, reference: string, content: Buffer, type: string): number {
    const named = content.toString("utf8").matchAll(/"digest":"(sha256:[0-9a-f]{64})"/g);
    for (const [, digest] of named) {
      const known = blobs.has(`${repository}@${digest}`) || manifests.has(`${repository}:${digest}`);
      if (!known) return 400;
    }
    for (const key of [reference, digestOf(content)])
      manifests.set(`${repository}:${key}`, { content, type });
    return 201;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const content = Buffer.concat(chunks);
    const url = new URL(request.url ?? "/", "http://stub");
    requests.push(`${request.method} ${url.pathname}`);
    const [, repository = "", kind, rest = ""] =
      /^\/v2\/(.+)\/(blobs\/uploads|blobs|manifests)\/(.*)$/.exec(url.pathname) ?? [];
    if (kind === "blobs/uploads" && request.method === "POST") {
      const location = `/v2/${repository}/blobs/uploads/${randomUUID()}?_state=kept`;
      response.writeHead(202, { location }).end();
    } else if (kind === "blobs/uploads") {
      const digest = url.searchParams.get("digest");
      const right = digest === digestOf(content) && url.searchParams.get("_state") === "kept";
      if (right) blobs.set(`${repository}@${digest}`, content);
      response.writeHead(right ? 201 : 400).end();
    } else if (kind === "manifests" && request.method === "PUT") {
      const status = storeManifest(repository, rest, content, request.headers["content-type"] ?? "");
      response.writeHead(status, { "docker-content-digest": digestOf(content) }).end();
    } else if (kind === "manifests") {
      const found = manifests.get(`${repository}:${rest}`);
      const accepted = found && (request.headers.accept ?? "").includes(found.type);
      response.writeHead(accepted ? 200 : 404, accepted ? { "content-type": found.type } : {});
      response.end(accepted ? found.content : undefined);
    } else {
      const found = blobs.get(`${repository}@${rest}`);
      response.writeHead(found ? 200 : 404).end(request.method === "HEAD" ? undefined : found);
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => response.destroy(error));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The stub has no port");
  return {
    host: `127.0.0.1:${address.port}`,
    requests,
    manifest: (repository, reference) => manifests.get(`${repository}:${reference}`),
    blob: (repository, digest) => blobs.get(`${repository}@${digest}`),
    digest: (repository, tag) => {
      const found = manifests.get(`${repository}:${tag}`);
      return found && digestOf(found.content);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
