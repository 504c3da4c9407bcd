import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

export interface StubRegistry {
  host: string;
  /** Makes `<host>/<repository>:<tag>` of one layer with these files; answers the digest. */
  push: (
    repository: string,
    tag: string,
    files: Record<string, string>,
    command: string[],
  ) => Promise<string>;
  close: () => Promise<void>;
}

/** A registry for tests: manifests and blobs over the OCI distribution protocol, out of memory. */
export async function startStubRegistry(): Promise<StubRegistry> {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, string>();
  const server = createServer((request, response) => {
    const match = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(request.url ?? "");
    const [, repository = "", kind, reference = ""] = match ?? [];
    const digest =
      kind === "manifests" ? (manifests.get(`${repository}:${reference}`) ?? reference) : reference;
    const body = blobs.get(digest);
    if (!body) {
      response.writeHead(404, { "content-type": "application/json" });
      response.end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}');
      return;
    }
    const type =
      kind === "manifests" ? "application/vnd.oci.image.manifest.v1+json" : "application/octet-stream";
    response.writeHead(200, { "content-type": type, "docker-content-digest": digest }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const host = `127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  const keep = (bytes: Buffer) => {
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    blobs.set(digest, bytes);
    return digest;
  };
  return {
    host,
    push: async (repository, tag, files, command) => {
      const layer = gzipSync(await tarOf(files));
      const details = { Entrypoint: command, Env: ["FROM_IMAGE=yes"], WorkingDir: "/app" };
      const config = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", config: details }));
      const manifest = Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          mediaType: "application/vnd.oci.image.manifest.v1+json",
          config: {
            mediaType: "application/vnd.oci.image.config.v1+json",
            digest: keep(config),
            size: config.length,
          },
          layers: [
            {
              mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
              digest: keep(layer),
              size: layer.length,
            },
          ],
        }),
      );
      const digest = keep(manifest);
      manifests.set(`${repository}:${tag}`, digest);
      return digest;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function tarOf(files: Record<string, string>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name, mode: 0o755 }, content);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
  return Buffer.concat(chunks);
}
